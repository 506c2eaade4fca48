import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { apiProblem, type ClusterConnection } from './connect.ts'
import type { Workload } from './find-workload.ts'
import { workloadPath } from './act/workload-object.ts'
import { corePath } from './paths.ts'
import { rolloutOf } from './rollout.ts'
import { podFacts, type RawPod } from './watch/pod-facts.ts'
import type { RawObject } from './watch/raw-object.ts'
import { workloadChangeOf } from './watch/workload-change-of.ts'

const WITHIN_MS = 60_000
const ASK_EVERY_MS = 100

/** Waits until all pods of a workload are available, before a run begins; a problem after a minute. */
export async function waitForAvailable(
  connection: ClusterConnection,
  workload: Workload,
  signal: AbortSignal,
): Promise<Result<void, Problem>> {
  const startedMs = performance.now()
  const path = workloadPath(workload)
  for (;;) {
    const found = await connection.client.call({ method: 'GET', path })
    if (!found.ok) return fail(apiProblem(found.error, 'waiting for the workload'))
    const object = found.value as unknown as RawObject
    const rollout = rolloutOf(workloadChangeOf(workload.ref.kind, object))
    if (rollout.isObserved && rollout.available >= rollout.wanted) return succeed(undefined)
    if (signal.aborted || performance.now() - startedMs > WITHIN_MS) {
      const states = await podStates(connection, workload)
      return fail({
        code: 'workload-not-available',
        message: `${workload.ref.kind}/${workload.ref.name} has ${rollout.available} of ${rollout.wanted} pods available; a run would measure that, not the change. ${states}`,
        hint: 'see kubectl get pods; on the lab, what the containers wrote is in the run’s directory, under lab/logs',
      })
    }
    await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** What holds the pods up, in words: `web-x: waiting, CrashLoopBackOff`. */
async function podStates(connection: ClusterConnection, workload: Workload): Promise<string> {
  const listed = await connection.client.call({
    method: 'GET',
    path: corePath(workload.namespace, 'pods'),
    query: { labelSelector: workload.selector },
  })
  if (!listed.ok) return ''
  const { items } = listed.value as unknown as { items: readonly RawPod[] }
  return items
    .map(podFacts)
    .filter((pod) => !pod.ready)
    .slice(0, 3)
    .map((pod) => {
      const [container] = pod.containers
      return `${pod.name}: ${[container?.state, container?.reason].filter((word) => word !== undefined).join(', ')}`
    })
    .join('; ')
}
