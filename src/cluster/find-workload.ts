import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { WorkloadRef } from '../scenario/scenario.ts'
import { apiProblem, type ClusterConnection } from './connect.ts'
import { type LabelSelector, labelSelectorText } from './label-selector-text.ts'
import { pathOfRef } from './restore/object-ref.ts'

/** A workload as it was found before the run. */
export interface Workload {
  readonly ref: WorkloadRef
  readonly namespace: string
  /** As a label selector for lists and watches: `app=web,tier in (front)`. */
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
  const { spec } = found.value as unknown as { spec: { selector: LabelSelector } }
  return succeed({ ref, namespace, selector: labelSelectorText(spec.selector) })
}
