import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { apiProblem } from '../connect.ts'
import { nodePath } from '../paths.ts'
import type { Action, ActionContext } from './step-effect.ts'

/** `kubectl cordon`: the node takes no new pods; the way back is `kubectl uncordon`. */
export const cordon =
  (node: string | undefined): Action =>
  async (context) => {
    const cordoned = await cordonNode(context, node)
    return cordoned.ok ? succeed({ detail: `cordoned ${cordoned.value}` }) : cordoned
  }

/** Cordons the node, or the one with most of the workload's pods; gives its name. */
export async function cordonNode(
  context: ActionContext,
  wanted: string | undefined,
): Promise<Result<string, Problem>> {
  const node = wanted ?? busiestNode(context)
  if (node === undefined) {
    return fail({ code: 'no-node', message: 'no pod of the workload is on a node' })
  }
  const { client } = context.connection
  const found = await client.call({ method: 'GET', path: nodePath(node) })
  if (!found.ok) return fail(apiProblem(found.error, `reading the node ${node}`))
  const spec = found.value['spec'] as { unschedulable?: boolean } | undefined
  if (spec?.unschedulable === true) return succeed(node)
  const done = await setUnschedulable(context, node, true)
  if (!done.ok) return done
  context.onUndo(() => setUnschedulable(context, node, null))
  return succeed(node)
}

/** As kubectl patches it: `true`, and `null` for the default. */
async function setUnschedulable(
  { connection }: ActionContext,
  node: string,
  unschedulable: true | null,
): Promise<Result<void, Problem>> {
  const patched = await connection.client.call({
    method: 'PATCH',
    path: nodePath(node),
    contentType: 'application/strategic-merge-patch+json',
    body: { spec: { unschedulable } },
  })
  const doing = unschedulable ? 'cordoning' : 'uncordoning'
  return patched.ok ? succeed(undefined) : fail(apiProblem(patched.error, `${doing} ${node}`))
}

function busiestNode({ pods }: ActionContext): string | undefined {
  const counts = new Map<string, number>()
  for (const { nodeName } of pods()) {
    if (nodeName !== undefined) counts.set(nodeName, (counts.get(nodeName) ?? 0) + 1)
  }
  const [busiest] = [...counts].sort(
    ([leftName, left], [rightName, right]) => right - left || (leftName < rightName ? -1 : 1),
  )
  return busiest?.[0]
}
