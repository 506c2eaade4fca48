import { fail, succeed } from '../../base/result.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import { apiProblem } from '../api-problem.ts'
import type { ApiObject } from '../restore/restore-record.ts'
import { findRevision, type History } from './find-revision.ts'
import type { Action } from './step-effect.ts'
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
    const history: History<RawControllerRevision> = {
      resource: 'controllerrevisions',
      kind: 'ControllerRevision',
      owner: uid,
      revisionOf: (one) => one.revision,
      noneBefore: `no last revision of the ${workload.ref.kind} "${workload.ref.name}" to roll back to`,
    }
    const chosen = await findRevision(context, history, toRevision)
    if (!chosen.ok) return chosen
    const { data, revision } = chosen.value
    const done = await session.change(refOf(workload), 'changing the pod template', () =>
      succeed({ patch: { type: 'strategic-merge', body: data }, fields: ['/spec/template'] }),
    )
    return done.ok ? succeed({ detail: `back to revision ${revision}` }) : done
  }
