import type { Problem } from '../base/problem.ts'
import type { Host } from './host.ts'

/** How a run is ended early: by a signal, a key, or a full disk. */
export interface StopControl {
  /** Aborts at the first signal, with the signal's name. */
  readonly stop: AbortController
  /** Aborts at the second. */
  readonly hurry: AbortController
  /** Aborts at the third: the person will not wait even for what is being put back. */
  readonly abandon: AbortController
  close(): void
}

/** Turns the host's signals into {@link StopControl}. */
export function stopControl(host: Host): StopControl {
  const stop = new AbortController()
  const hurry = new AbortController()
  const abandon = new AbortController()
  const close = host.onSignal((signal) => {
    const next = [stop, hurry, abandon].find((one) => !one.signal.aborted)
    next?.abort(signal)
  })
  return { stop, hurry, abandon, close }
}

/** What to say when a run was ended before it began. */
export const interruptedEarly = ({ stop }: StopControl, done: string): Problem => ({
  code: stop.signal.reason === 'SIGTERM' ? 'terminated' : 'interrupted',
  message: `interrupted by ${String(stop.signal.reason)} before anything was ${done}`,
})
