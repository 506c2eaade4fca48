import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import { plural } from '../../base/units.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { PodFacts } from '../cluster-change.ts'
import { apiProblem } from '../api-problem.ts'
import { corePath } from '../paths.ts'
import type { ActionContext } from './step-effect.ts'

export interface EvictOptions {
  readonly timeoutUs: number
  /** Absent: the pod's own. */
  readonly gracePeriodSeconds?: number
  /** Between a refusal by a budget and the next try; kubectl drain waits 5 s. */
  readonly retryMs?: number
}

export interface Evicted {
  readonly evicted: readonly string[]
  /** Refused by a PodDisruptionBudget until the time was over. */
  readonly refused: readonly string[]
  /** How often a budget said no. */
  readonly refusals: number
}

const KUBECTL_RETRY_MS = 5_000

/** Asks the Eviction API for each pod, all at once as `kubectl drain` does; a refusal (429) is asked again until the time is over. */
export async function evictPods(
  context: ActionContext,
  pods: readonly PodFacts[],
  options: EvictOptions,
): Promise<Result<Evicted, Problem>> {
  const untilMs = performance.now() + options.timeoutUs / 1_000
  const tries = await Promise.all(pods.map((pod) => evict(context, pod, options, untilMs)))
  for (const one of tries) if (!one.ok) return one
  const ended = tries.flatMap((one) => (one.ok ? [one.value] : []))
  return succeed({
    evicted: ended.filter(({ isEvicted }) => isEvicted).map(({ name }) => name),
    refused: ended.filter(({ isEvicted }) => !isEvicted).map(({ name }) => name),
    refusals: ended.reduce((sum, { refusals }) => sum + refusals, 0),
  })
}

interface Try {
  readonly name: string
  readonly isEvicted: boolean
  readonly refusals: number
}

async function evict(
  { connection, workload, signal }: ActionContext,
  { name, uid }: PodFacts,
  { gracePeriodSeconds, retryMs = KUBECTL_RETRY_MS }: EvictOptions,
  untilMs: number,
): Promise<Result<Try, Problem>> {
  let refusals = 0
  for (;;) {
    const answer = await connection.client.call({
      method: 'POST',
      path: `${corePath(workload.namespace, 'pods', name)}/eviction`,
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: workload.namespace },
        deleteOptions: {
          preconditions: { uid },
          ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
        },
      },
    })
    const { status } = answer.ok ? { status: 201 } : answer.error
    // Gone already, or another pod of the same name: this one need not be evicted any more.
    if (status === 201 || status === 404 || status === 409)
      return succeed({ name, isEvicted: status === 201, refusals })
    if (!answer.ok && status !== 429)
      return fail(apiProblem(answer.error, `evicting the pod ${name}`))
    const leftMs = untilMs - performance.now()
    if (signal.aborted || leftMs <= 0)
      return succeed({ name, isEvicted: false, refusals: refusals + 1 })
    refusals++
    await pause(Math.min(retryMs, leftMs), signal)
  }
}

/** `evicted 2 of 3, refused by a budget until the time was over: web-c`. */
export function evictedText({ evicted, refused, refusals }: Evicted): string {
  const counts = `evicted ${evicted.length} of ${evicted.length + refused.length}`
  if (refused.length > 0)
    return `${counts}; refused by a budget until the time was over: ${refused.join(', ')}`
  return refusals > 0 ? `${counts}; a budget refused ${plural(refusals, 'time')} first` : counts
}
