import { fail, succeed } from '../../base/result.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import { apiProblem } from '../api-problem.ts'
import type { ObjectChange } from '../restore/change-object.ts'
import { pointerStep } from '../restore/json-pointer.ts'
import { type ApiObject, FENCE_ANNOTATION, RECORD_ANNOTATION } from '../restore/restore-record.ts'
import { findRevision, type History } from './find-revision.ts'
import type { Action } from './step-effect.ts'
import { refOf, workloadPath } from './workload-object.ts'

const HASH_LABEL = 'pod-template-hash'
const REVISION = 'deployment.kubernetes.io/revision'

/** Annotations that belong to the Deployment and not to a revision of it; kubectl leaves them as they are. */
const OF_THE_DEPLOYMENT: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
  RECORD_ANNOTATION,
  FENCE_ANNOTATION,
])

type Annotations = Readonly<Record<string, string>>

interface RawMeta {
  readonly uid: string
  readonly annotations?: Annotations
  readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[]
}

interface RawTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }
}

interface RawRevision {
  readonly metadata: RawMeta
  readonly spec: { readonly template: RawTemplate; readonly paused?: boolean }
}

/** `kubectl rollout undo` of a Deployment: a JSON PATCH with the template of an older ReplicaSet; the way back is the template of before. */
export const undoRollout =
  (toRevision: number | undefined): Action =>
  async (context) => {
    const path = workloadPath(context.workload)
    const found = await context.connection.client.call({ method: 'GET', path })
    if (!found.ok) return fail(apiProblem(found.error, 'reading the Deployment'))
    const deployment = found.value as unknown as RawRevision
    if (deployment.spec.paused === true) {
      return fail({
        code: 'paused',
        message: 'the Deployment is paused, and a paused one cannot be rolled back',
        hint: 'see kubectl rollout resume',
      })
    }
    const history: History<RawRevision> = {
      resource: 'replicasets',
      kind: 'ReplicaSet',
      owner: deployment.metadata.uid,
      revisionOf,
      noneBefore: `no rollout history found for the Deployment "${context.workload.ref.name}": there is nothing to go back to`,
    }
    const chosen = await findRevision(context, history, toRevision)
    if (!chosen.ok) return chosen
    const done = await context.session.change(
      refOf(context.workload),
      'changing the pod template',
      (now) => succeed(changeTo(chosen.value, now)),
    )
    return done.ok ? succeed({ detail: `back to revision ${revisionOf(chosen.value)}` }) : done
  }

const revisionOf = ({ metadata }: RawRevision): number =>
  Number(metadata.annotations?.[REVISION] ?? 0)

/** The template and the annotations of a revision, one operation for each, so that each goes back alone. */
function changeTo(revision: RawRevision, { metadata }: ApiObject): ObjectChange {
  const wanted = Object.entries(revision.metadata.annotations ?? {}).filter(isOfRevision)
  const present = Object.entries(metadata.annotations ?? {}).filter(isOfRevision)
  const gone = present.filter(([name]) => !wanted.some(([other]) => other === name))
  const pathOf = (name: string) => `/metadata/annotations/${pointerStep(name)}`
  return {
    patch: {
      type: 'json',
      body: [
        { op: 'replace', path: '/spec/template', value: withoutHash(revision.spec.template) },
        ...wanted.map(([name, value]) => ({ op: 'add', path: pathOf(name), value })),
        ...gone.map(([name]) => ({ op: 'remove', path: pathOf(name) })),
      ],
    },
    fields: ['/spec/template', ...[...wanted, ...gone].map(([name]) => pathOf(name))],
  }
}

const isOfRevision = ([name]: [string, string]): boolean => !OF_THE_DEPLOYMENT.has(name)

function withoutHash(template: RawTemplate): JsonObject {
  const labels = Object.fromEntries(
    Object.entries(template.metadata?.labels ?? {}).filter(([name]) => name !== HASH_LABEL),
  )
  return { ...template, metadata: { ...template.metadata, labels } }
}
