import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { WorkloadRef } from '../scenario/scenario.ts'
import { apiProblem, type ClusterConnection } from './connect.ts'
import { pathOfRef } from './restore/object-ref.ts'
import type { RawDeployment } from './watch/workload-facts.ts'

/** A workload as it was found before the run. */
export interface Workload {
  readonly ref: WorkloadRef
  readonly namespace: string
  /** As a label selector for lists and watches: `app=web,tier=front`. */
  readonly selector: string
}

/** Looks the workload up; a missing one is a problem that names where it was looked for. */
export async function findWorkload(
  connection: ClusterConnection,
  ref: WorkloadRef,
  namespace: string,
): Promise<Result<Workload, Problem>> {
  const found = await connection.client.call({
    method: 'GET',
    path: pathOfRef({ ...ref, namespace }),
  })
  if (!found.ok) {
    if (found.error.status !== 404)
      return fail(apiProblem(found.error, `looking for ${ref.kind}/${ref.name}`))
    return fail({
      code: 'workload-not-found',
      message: `there is no ${ref.kind} "${ref.name}" in namespace "${namespace}" of context "${connection.contextName}"`,
      hint: `see kubectl get ${ref.kind}s; choose another namespace with -n`,
    })
  }
  const { matchLabels } = (found.value as unknown as RawDeployment).spec.selector
  const selector = Object.entries(matchLabels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  return succeed({ ref, namespace, selector })
}
