import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import { apiProblem } from '../connect.ts'
import { appsPath } from '../paths.ts'
import type { Action, ActionContext } from './step-effect.ts'

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

/** `kubectl rollout undo`: a JSON PATCH with the template of an older ReplicaSet; the way back is the template of before. */
export const undoRollout =
  (toRevision: number | undefined): Action =>
  async (context) => {
    const path = deploymentPath(context)
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
    const chosen = await findRevision(context, deployment, toRevision)
    if (!chosen.ok) return chosen
    const done = await setRevision(context, chosen.value)
    if (!done.ok) return done
    context.onUndo(() => setRevision(context, deployment))
    return succeed({ detail: `back to revision ${revisionOf(chosen.value)}` })
  }

const deploymentPath = ({ workload }: ActionContext) =>
  appsPath(workload.namespace, 'deployments', workload.ref.name)

const revisionOf = ({ metadata }: RawRevision): number =>
  Number(metadata.annotations?.[REVISION] ?? 0)

/** The ReplicaSet of the revision asked for, or of the last one before the present. */
async function findRevision(
  { connection, workload }: ActionContext,
  deployment: RawRevision,
  toRevision: number | undefined,
): Promise<Result<RawRevision, Problem>> {
  const listed = await connection.client.call({
    method: 'GET',
    path: appsPath(workload.namespace, 'replicasets'),
    query: { labelSelector: workload.selector },
  })
  if (!listed.ok) return fail(apiProblem(listed.error, 'listing the ReplicaSets'))
  const revisions = (listed.value['items'] as readonly RawRevision[])
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(
        (owner) => owner.controller === true && owner.uid === deployment.metadata.uid,
      ),
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
        ? `no rollout history found for the Deployment "${workload.ref.name}": there is nothing to go back to`
        : `unable to find revision ${toRevision} in the history; there are ${there}`,
  })
}

/** Gives the Deployment the template and the annotations of a revision, whatever it has now. */
async function setRevision(
  context: ActionContext,
  revision: RawRevision,
): Promise<Result<void, Problem>> {
  const path = deploymentPath(context)
  const now = await context.connection.client.call({ method: 'GET', path })
  if (!now.ok) return fail(apiProblem(now.error, 'reading the Deployment'))
  const { metadata } = now.value as unknown as RawRevision
  const patched = await context.connection.client.call({
    method: 'PATCH',
    path,
    contentType: 'application/json-patch+json',
    body: [
      { op: 'replace', path: '/spec/template', value: withoutHash(revision.spec.template) },
      {
        op: 'replace',
        path: '/metadata/annotations',
        value: mixed(metadata.annotations ?? {}, revision.metadata.annotations ?? {}),
      },
    ],
  })
  return patched.ok
    ? succeed(undefined)
    : fail(apiProblem(patched.error, 'changing the pod template'))
}

function withoutHash(template: RawTemplate): JsonObject {
  const labels = Object.fromEntries(
    Object.entries(template.metadata?.labels ?? {}).filter(([name]) => name !== HASH_LABEL),
  )
  return { ...template, metadata: { ...template.metadata, labels } }
}

function mixed(deployment: Annotations, revision: Annotations): Annotations {
  const own = Object.entries(deployment).filter(([name]) => OF_THE_DEPLOYMENT.has(name))
  const others = Object.entries(revision).filter(([name]) => !OF_THE_DEPLOYMENT.has(name))
  return Object.fromEntries([...own, ...others])
}
