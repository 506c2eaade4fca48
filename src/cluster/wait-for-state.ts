import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { ClusterChange, PodFacts } from './cluster-change.ts'
import type { ClusterState } from './cluster-state.ts'
import { isOfWorkload } from './workload-change.ts'

export type AwaitedState = 'ready' | 'settled'

/**
 * After an action the watch still shows the old state for a moment, which may look settled. Until the workload's
 * generation has moved or its pods have, nothing counts; an action that changes nothing is given this long.
 */
const NO_CHANGE_MS = 2_000

/** Waits on what the watch tells. */
export class ClusterWaiter {
  readonly #state: ClusterState
  readonly #waiting = new Set<() => void>()
  #changeExpectedSinceMs: number | undefined

  constructor(state: ClusterState) {
    this.#state = state
  }

  /** To be told of every change, after the state has taken it. */
  changed(change: ClusterChange): void {
    const isNews =
      isOfWorkload(change) || (change.type === 'pod' && change.pod.deletionTimestamp !== undefined)
    if (isNews) this.#changeExpectedSinceMs = undefined
    for (const check of this.#waiting) check()
  }

  /** An action is about to be taken: wait for its first effect before believing a state. */
  expectChange(): void {
    this.#changeExpectedSinceMs = performance.now()
  }

  /** Resolves when the state is reached or the signal aborts; a problem after `timeoutMs`. */
  waitFor(
    awaited: AwaitedState,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Result<void, Problem>> {
    return new Promise((resolve) => {
      const startedMs = performance.now()
      const end = (result: Result<void, Problem>) => {
        clearInterval(timer)
        this.#waiting.delete(check)
        signal.removeEventListener('abort', check)
        resolve(result)
      }
      const check = () => {
        if (signal.aborted || this.#isReached(awaited)) end(succeed(undefined))
        else if (performance.now() - startedMs > timeoutMs)
          end(fail(this.#timeoutProblem(awaited, timeoutMs)))
      }
      const timer = setInterval(check, 100)
      this.#waiting.add(check)
      signal.addEventListener('abort', check)
      check()
    })
  }

  #isReached(awaited: AwaitedState): boolean {
    const sinceMs = this.#changeExpectedSinceMs
    if (sinceMs !== undefined && performance.now() - sinceMs < NO_CHANGE_MS) return false
    return awaited === 'ready' ? this.#state.isReady : this.#state.isSettled
  }

  #timeoutProblem(awaited: AwaitedState, timeoutMs: number): Problem {
    const { rollout, pods } = this.#state
    const counts = rollout
      ? `${rollout.available} of ${rollout.wanted} pods are available, ${rollout.updated} up to date`
      : 'the workload is gone'
    return {
      code: `not-${awaited}`,
      message: `not ${awaited} within ${Math.round(timeoutMs / 1_000)} s: ${counts}, ${pods.size} pods exist`,
      hint:
        blockingPod(pods.values()) ??
        'see kubectl get pods and kubectl describe pod for what holds it up',
    }
  }
}

/** What to do about a pod on which a StatefulSet waits in vain (Kubernetes calls it a forced rollback); undefined: there is none. */
function blockingPod(pods: Iterable<PodFacts>): string | undefined {
  const blocking = [...pods].find(({ ready, ownerKind }) => !ready && ownerKind === 'StatefulSet')
  return blocking
    ? `a StatefulSet waits for ${blocking.name} even when its template is right again: see kubectl describe pod ${blocking.name}, then kubectl delete pod ${blocking.name}`
    : undefined
}
