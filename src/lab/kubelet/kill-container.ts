import { setTimeout as sleep } from 'node:timers/promises'
import type { Hook } from '../api/kinds/pod.ts'
import type { PodContext } from './pod-context.ts'
import type { ProbeTarget } from './probes/run-probe.ts'
import { runHook } from './run-hook.ts'

/** StopContainer is never called with less (k8s-mechanics 1.3). */
const LEAST_SECONDS = 2

/** One container to be stopped, and why. */
export interface KillRequest {
  readonly context: PodContext
  readonly target: ProbeTarget
  /** Of the `Killing` event. */
  readonly message: string
  readonly stopSignal: NodeJS.Signals
  /** At least 1. */
  readonly graceSeconds: number
  /** Resolves when it is this container's turn to get the signal; absent: at once. */
  readonly turn?: Promise<unknown>
  /** A later kill takes over: this one does nothing more. */
  readonly superseded: AbortSignal
  /** An earlier kill has sent the signal; a runtime does not send it twice (k8s-mechanics 1.3). */
  readonly isSignalled: boolean
  readonly onSignalled: () => void
}

/**
 * Stops a container as in k8s-mechanics 1.2, 1.3 and 1.8: `Killing` event, preStop within the grace, waiting for its
 * turn within what is left, stop signal, SIGKILL after what is then left. Resolves when it has ended.
 */
export async function killContainer(request: KillRequest): Promise<void> {
  const { context, target, stopSignal, graceSeconds, turn, superseded } = request
  const { container, process } = target
  const note = { container: container.name }
  context.event({ type: 'Normal', reason: 'Killing', message: request.message, container })
  context.truth('killing', note)
  const hook = container.lifecycle?.preStop
  let leftSeconds = graceSeconds - (hook ? await runPreStop(hook, request) : 0)
  if (turn && leftSeconds > 0) leftSeconds -= await waitForTurn(turn, leftSeconds)

  if (superseded.aborted || (await Promise.race([process.exited, Promise.resolve()]))) return
  if (!request.isSignalled) {
    context.truth('signalled', { ...note, signal: stopSignal })
    process.signal(stopSignal)
    request.onSignalled()
  }
  const remainingMs = Math.max(LEAST_SECONDS, leftSeconds) * 1000
  if ((await endsWithin(process.exited, remainingMs)) || isAborted(superseded)) return
  context.truth('sigkilled', { ...note, signal: 'SIGKILL' })
  process.kill()
  await process.exited
}

/** Gives the hook's time in whole seconds, truncated; a hook that takes longer than the grace is left alone. */
async function runPreStop(
  hook: Hook,
  { context, target, graceSeconds }: KillRequest,
): Promise<number> {
  const { container } = target
  const startedAtMs = performance.now()
  context.truth('prestop-started', { container: container.name })
  const failure = runHook(hook, target, context.event).then((reason) => {
    if (reason === undefined) return
    const message = 'PreStopHook failed'
    context.event({ type: 'Warning', reason: 'FailedPreStopHook', message, container })
  })
  await endsWithin(failure, graceSeconds * 1000)
  context.truth('prestop-ended', { container: container.name })
  return wholeSecondsSince(startedAtMs)
}

async function waitForTurn(turn: Promise<unknown>, limitSeconds: number): Promise<number> {
  const startedAtMs = performance.now()
  await endsWithin(turn, limitSeconds * 1000)
  return wholeSecondsSince(startedAtMs)
}

// Node's timers may fire a little early; a sleep of whole seconds must not lose one for it.
const EARLY_TIMER_MS = 5

const wholeSecondsSince = (startedAtMs: number): number =>
  Math.floor((performance.now() - startedAtMs + EARLY_TIMER_MS) / 1000)

// Asked again after a wait, where the compiler believes that it knows the answer.
const isAborted = (signal: AbortSignal): boolean => signal.aborted

async function endsWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const timer = new AbortController()
  const limit = sleep(limitMs, false, { signal: timer.signal }).catch(() => false)
  const ended = await Promise.race([work.then(() => true), limit])
  timer.abort()
  return ended
}
