import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { apiProblem } from '../api-problem.ts'
import { appsPath } from '../paths.ts'
import type { ActionContext } from './step-effect.ts'

/** An object in which a controller keeps an older template. */
interface Owned {
  readonly metadata: {
    readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[]
  }
}

/** Where a kind of workload keeps its history. */
export interface History<Revision extends Owned> {
  /** Of apps/v1. */
  readonly resource: 'replicasets' | 'controllerrevisions'
  readonly kind: string
  /** Of the workload. */
  readonly owner: string
  readonly revisionOf: (one: Revision) => number
  /** Said when there is no older revision. */
  readonly noneBefore: string
}

/** The revision asked for, or the last one before the present. Problems: `no-revision`, the API's. */
export async function findRevision<Revision extends Owned>(
  { connection, workload }: ActionContext,
  { resource, kind, owner, revisionOf, noneBefore }: History<Revision>,
  toRevision: number | undefined,
): Promise<Result<Revision, Problem>> {
  const listed = await connection.client.call({
    method: 'GET',
    path: appsPath(workload.namespace, resource),
    query: { labelSelector: workload.selector },
  })
  if (!listed.ok) return fail(apiProblem(listed.error, `listing the ${kind}s`))
  const revisions = (listed.value['items'] as readonly Revision[])
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === owner),
    )
    .toSorted((left, right) => revisionOf(right) - revisionOf(left))
  const chosen =
    toRevision === undefined
      ? revisions[1]
      : revisions.find((one) => revisionOf(one) === toRevision)
  if (chosen) return succeed(chosen)
  const there = revisions.map(revisionOf).join(', ') || 'none'
  return fail({
    code: 'no-revision',
    message:
      toRevision === undefined
        ? noneBefore
        : `unable to find revision ${toRevision} in the history; there are ${there}`,
  })
}
