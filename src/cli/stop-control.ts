import type { Problem } from '../base/problem.ts'
import type { Host } from './host.ts'

/** How a run is ended early: by a signal, a key, or a full disk. */
export interface StopControl {
  /** Aborts at the first signal, with the signal's name. */
  readonly stop: AbortController
  /** Aborts at the second. */
  readonly hurry: AbortController
  close(): void
}

/** Turns the host's signals into {@link StopControl}. */
export function stopControl(host: Host): StopControl {
  const stop = new AbortController()
  const hurry = new AbortController()
  const close = host.onSignal((signal) => {
    if (stop.signal.aborted) hurry.abort(signal)
    else stop.abort(signal)
  })
  return { stop, hurry, close }
}

/** What to say when a run was ended before it began. */
export const interruptedEarly = ({ stop }: StopControl, done: string): Problem => ({
  code: stop.signal.reason === 'SIGTERM' ? 'terminated' : 'interrupted',
  message: `interrupted by ${String(stop.signal.reason)} before anything was ${done}`,
})
