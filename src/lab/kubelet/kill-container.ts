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
}

/**
 * Stops a container as in k8s-mechanics 1.2 and 1.3: `Killing` event, preStop within the grace, stop signal,
 * SIGKILL after what is left of the grace. Resolves when it has ended.
 */
export async function killContainer(request: KillRequest): Promise<void> {
  const { context, target, stopSignal, graceSeconds } = request
  const { container, process } = target
  const note = { container: container.name }
  context.event({ type: 'Normal', reason: 'Killing', message: request.message, container })
  context.truth('killing', note)
  const hook = container.lifecycle?.preStop
  const hookSeconds = hook ? await runPreStop(hook, request) : 0

  if (await Promise.race([process.exited, Promise.resolve()])) return
  context.truth('signalled', { ...note, signal: stopSignal })
  process.signal(stopSignal)
  const remainingMs = Math.max(LEAST_SECONDS, graceSeconds - hookSeconds) * 1000
  if (await endsWithin(process.exited, remainingMs)) return
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
  const failure = runHook(hook, target).then((reason) => {
    if (reason === undefined) return
    const message = 'PreStopHook failed'
    context.event({ type: 'Warning', reason: 'FailedPreStopHook', message, container })
  })
  await endsWithin(failure, graceSeconds * 1000)
  context.truth('prestop-ended', { container: container.name })
  return Math.floor((performance.now() - startedAtMs) / 1000)
}

async function endsWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const timer = new AbortController()
  const limit = sleep(limitMs, false, { signal: timer.signal }).catch(() => false)
  const ended = await Promise.race([work.then(() => true), limit])
  timer.abort()
  return ended
}
