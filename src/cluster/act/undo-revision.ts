import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import { apiProblem } from '../api-problem.ts'
import { appsPath } from '../paths.ts'
import type { ApiObject } from '../restore/restore-record.ts'
import type { Action, ActionContext } from './step-effect.ts'
import { refOf, workloadPath } from './workload-object.ts'

/** An apps/v1 ControllerRevision; `data` is the patch that leads back to it. */
interface RawControllerRevision {
  readonly metadata: {
    readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[]
  }
  readonly revision: number
  readonly data: JsonObject
}

/**
 * `kubectl rollout undo` of a StatefulSet or a DaemonSet: a strategic-merge PATCH with the data of an older
 * ControllerRevision; the way back is the template of before.
 */
export const undoRevision =
  (toRevision: number | undefined): Action =>
  async (context) => {
    const { connection, workload, session } = context
    const found = await connection.client.call({ method: 'GET', path: workloadPath(workload) })
    if (!found.ok) return fail(apiProblem(found.error, `reading the ${workload.ref.kind}`))
    const { uid } = (found.value as unknown as ApiObject).metadata
    const chosen = await findRevision(context, uid, toRevision)
    if (!chosen.ok) return chosen
    const { data, revision } = chosen.value
    const done = await session.change(refOf(workload), 'changing the pod template', () =>
      succeed({ patch: { type: 'strategic-merge', body: data }, fields: ['/spec/template'] }),
    )
    return done.ok ? succeed({ detail: `back to revision ${revision}` }) : done
  }

/** The revision asked for, or the last one before the present. */
async function findRevision(
  { connection, workload }: ActionContext,
  owner: string,
  toRevision: number | undefined,
): Promise<Result<RawControllerRevision, Problem>> {
  const listed = await connection.client.call({
    method: 'GET',
    path: appsPath(workload.namespace, 'controllerrevisions'),
    query: { labelSelector: workload.selector },
  })
  if (!listed.ok) return fail(apiProblem(listed.error, 'listing the ControllerRevisions'))
  const revisions = (listed.value['items'] as readonly RawControllerRevision[])
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === owner),
    )
    .toSorted((left, right) => right.revision - left.revision)
  const chosen =
    toRevision === undefined
      ? revisions[1]
      : revisions.find(({ revision }) => revision === toRevision)
  if (chosen) return succeed(chosen)
  const there = revisions.map(({ revision }) => revision).join(', ') || 'none'
  return fail({
    code: 'no-revision',
    message:
      toRevision === undefined
        ? `no last revision of the ${workload.ref.kind} "${workload.ref.name}" to roll back to`
        : `unable to find revision ${toRevision} in the history; there are ${there}`,
  })
}
