import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import { textOfRef } from '../restore/object-ref.ts'
import type { ApiObject } from '../restore/restore-record.ts'
import type { Action } from './step-effect.ts'
import { refOf, strategyField } from './workload-object.ts'

interface RawWorkload extends ApiObject {
  readonly spec: {
    readonly paused?: boolean
    readonly template: {
      readonly spec?: {
        readonly containers?: readonly { readonly name: string; readonly image: string }[]
      }
    }
  }
}

/** `kubectl rollout restart`: a strategic-merge PATCH of the template's annotation (k8s-mechanics 4.3). */
export const restart = (): Action =>
  changeTemplate('restarted', ({ spec }) =>
    spec.paused === true
      ? fail({
          code: 'paused',
          message: 'the Deployment is paused, and a paused one cannot be restarted',
          hint: 'see kubectl rollout resume',
        })
      : succeed({
          metadata: {
            annotations: { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() },
          },
        }),
  )

/** `kubectl set image`; the first container when none is named. */
export const image = (newImage: string, container: string | undefined): Action =>
  changeTemplate(`image ${newImage}`, ({ spec }) => {
    const containers = spec.template.spec?.containers ?? []
    const name = container ?? containers[0]?.name
    if (!containers.some((one) => one.name === name)) {
      return fail({
        code: 'no-container',
        message: `there is no container "${name ?? ''}"; there are ${containers.map((one) => one.name).join(', ')}`,
      })
    }
    return succeed({ spec: { containers: [{ name, image: newImage }] } })
  })

/** `kubectl patch` of the pod template, and of the strategy when one is given; strategic merge. */
export const patch = (podTemplate: JsonObject, strategy: JsonObject | undefined): Action =>
  changeTemplate('patched', () => succeed(podTemplate), strategy)

/** Template and strategy are kept whole before each change, and go back whole. */
const changeTemplate =
  (
    detail: string,
    makeTemplate: (workload: RawWorkload) => Result<JsonObject, Problem>,
    strategy?: JsonObject,
  ): Action =>
  async ({ session, workload }) => {
    const ref = refOf(workload)
    const field = strategyField(workload)
    // Made once: a second try must send the same template, or the read back would not know it.
    let template: Result<JsonObject, Problem> | undefined
    const done = await session.change(ref, `changing the template of ${textOfRef(ref)}`, (now) => {
      template ??= makeTemplate(now as RawWorkload)
      if (!template.ok) return template
      const spec = { template: template.value, ...(strategy && { [field]: strategy }) }
      return succeed({
        patch: { type: 'strategic-merge', body: { spec } },
        fields: ['/spec/template', ...(strategy ? [`/spec/${field}`] : [])],
      })
    })
    return done.ok ? succeed({ detail }) : done
  }
