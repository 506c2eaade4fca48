import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { Action, ActionContext } from './step-effect.ts'

/** `kubectl cordon`: the node takes no new pods; the way back is `kubectl uncordon`. */
export const cordon =
  (node: string | undefined): Action =>
  async (context) => {
    const cordoned = await cordonNode(context, node)
    return cordoned.ok ? succeed({ detail: `cordoned ${cordoned.value}` }) : cordoned
  }

/** Cordons the node, or the one with most of the workload's pods; gives its name. One that is cordoned already stays so. */
export async function cordonNode(
  context: ActionContext,
  wanted: string | undefined,
): Promise<Result<string, Problem>> {
  const node = wanted ?? busiestNode(context)
  if (node === undefined) {
    return fail({ code: 'no-node', message: 'no pod of the workload is on a node' })
  }
  const done = await context.session.change({ kind: 'node', name: node }, `cordoning ${node}`, () =>
    succeed({
      patch: { type: 'strategic-merge', body: { spec: { unschedulable: true } } },
      fields: ['/spec/unschedulable'],
    }),
  )
  return done.ok ? succeed(node) : done
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
