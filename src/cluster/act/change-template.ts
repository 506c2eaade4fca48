import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import { apiProblem } from '../connect.ts'
import { appsPath } from '../paths.ts'
import type { Action, ActionContext } from './step-effect.ts'

interface RawSpec {
  readonly template: {
    readonly spec?: {
      readonly containers?: readonly { readonly name: string; readonly image: string }[]
    }
  }
  readonly strategy?: JsonObject
}

/** `kubectl rollout restart`: a strategic-merge PATCH of the template's annotation (k8s-mechanics 4.3). */
export const restart = (): Action =>
  changeTemplate('restarted', () => ({
    template: {
      metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() } },
    },
  }))

/** `kubectl set image`; the first container when none is named. */
export const image = (newImage: string, container: string | undefined): Action =>
  changeTemplate(`image ${newImage}`, (spec) => {
    const name = container ?? spec.template.spec?.containers?.[0]?.name
    return { template: { spec: { containers: [{ name, image: newImage }] } } }
  })

/** `kubectl patch` of the pod template, and of the strategy when one is given; strategic merge. */
export const patch = (podTemplate: JsonObject, strategy: JsonObject | undefined): Action =>
  changeTemplate('patched', () => ({ template: podTemplate, ...(strategy && { strategy }) }))

/** Every change of the template saves template and strategy whole before it, and puts these back. */
const changeTemplate =
  (detail: string, makeSpec: (spec: RawSpec) => JsonObject): Action =>
  async (context) => {
    const before = await context.connection.client.call({ method: 'GET', path: pathOf(context) })
    if (!before.ok) return fail(apiProblem(before.error, 'reading the Deployment'))
    const spec = before.value['spec'] as RawSpec
    const done = await send(context, 'application/strategic-merge-patch+json', {
      spec: makeSpec(spec),
    })
    if (!done.ok) return done
    context.onUndo(() => putBack(context, spec))
    return succeed({ detail })
  }

const pathOf = ({ workload }: ActionContext) =>
  appsPath(workload.namespace, 'deployments', workload.ref.name)

const putBack = (context: ActionContext, spec: RawSpec) =>
  send(context, 'application/json-patch+json', [
    { op: 'replace', path: '/spec/template', value: spec.template },
    ...(spec.strategy ? [{ op: 'replace', path: '/spec/strategy', value: spec.strategy }] : []),
  ])

async function send(
  context: ActionContext,
  contentType: string,
  body: unknown,
): Promise<Result<void, Problem>> {
  const patched = await context.connection.client.call({
    method: 'PATCH',
    path: pathOf(context),
    contentType,
    body,
  })
  return patched.ok
    ? succeed(undefined)
    : fail(apiProblem(patched.error, 'changing the pod template'))
}
