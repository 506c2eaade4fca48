import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { apiProblem } from '../connect.ts'
import { appsPath } from '../paths.ts'
import type { Action, ActionContext } from './step-effect.ts'

/** `kubectl scale`: GET, then a merge PATCH on `/scale` (k8s-mechanics 4.3). */
export const scale =
  (replicas: number): Action =>
  async (context) => {
    const path = scalePath(context)
    const before = await context.connection.client.call({ method: 'GET', path })
    if (!before.ok) return fail(apiProblem(before.error, 'reading the scale'))
    const original = (before.value['spec'] as { replicas?: number } | undefined)?.replicas ?? 0
    const done = await setReplicas(context, replicas)
    if (!done.ok) return done
    if (original !== replicas) context.onUndo(() => setReplicas(context, original))
    return succeed({ detail: `${original} → ${replicas} replicas` })
  }

const scalePath = ({ workload }: ActionContext) =>
  `${appsPath(workload.namespace, 'deployments', workload.ref.name)}/scale`

async function setReplicas(
  context: ActionContext,
  replicas: number,
): Promise<Result<void, Problem>> {
  const patched = await context.connection.client.call({
    method: 'PATCH',
    path: scalePath(context),
    contentType: 'application/merge-patch+json',
    body: { spec: { replicas } },
  })
  return patched.ok ? succeed(undefined) : fail(apiProblem(patched.error, `scaling to ${replicas}`))
}
