import type { ControllerRevision } from '../../api/kinds/controller-revision.ts'
import type { PodTemplate } from '../../api/kinds/pod.ts'
import type { KubeObject, Store } from '../../api/store.ts'
import { sameJson } from '../../api/snapshot.ts'
import { podTemplateHash } from '../deployment/pod-template-hash.ts'
import { controllerReference, isControlledBy } from '../owner-reference.ts'
import { UNSTORED } from '../../api/unstored.ts'

/** A StatefulSet or a DaemonSet. */
export type RevisionOwner = KubeObject & {
  spec: { template: PodTemplate; revisionHistoryLimit?: number }
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The revisions of an owner, oldest first. */
export const revisionsOf = (store: Store, owner: KubeObject): ControllerRevision[] =>
  store
    .list<ControllerRevision>('controllerrevisions', owner.metadata.namespace)
    .filter((revision) => isControlledBy(revision, owner))
    .sort((left, right) => left.revision - right.revision)

/**
 * The revision of the owner's present template, which is the newest one afterwards: it is made when there is none, and
 * an older equal one gets the next number (a rollback). `hashLabel` is the label that holds its hash.
 */
export function ensureRevision(
  store: Store,
  owner: RevisionOwner,
  hashLabel: string,
): ControllerRevision {
  const all = revisionsOf(store, owner)
  const newest = all.at(-1)
  const next = (newest?.revision ?? 0) + 1
  const equal = all.filter(({ data }) => sameJson(templateOf(data), owner.spec.template)).at(-1)
  if (!equal) return createRevision(store, owner, hashLabel, next)
  if (equal === newest) return equal
  const { namespace = '', name } = equal.metadata
  const renewed = store.change<ControllerRevision>(
    'controllerrevisions',
    namespace,
    name,
    (draft) => {
      draft.revision = next
    },
  )
  return renewed ?? equal
}

/** The pod template of a revision. */
export function templateOf({ spec }: ControllerRevision['data']): PodTemplate {
  const { metadata, spec: podSpec } = spec.template
  return { ...(metadata && { metadata }), spec: podSpec }
}

function createRevision(
  store: Store,
  owner: RevisionOwner,
  hashLabel: string,
  revision: number,
): ControllerRevision {
  const { name, namespace = '', annotations = {} } = owner.metadata
  const { template } = owner.spec
  let collisions = 0
  let hash = podTemplateHash(template, collisions)
  while (store.get('controllerrevisions', namespace, `${name}-${hash}`)) {
    hash = podTemplateHash(template, (collisions += 1))
  }
  const copied = Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED),
  )
  const object: KubeObject & Pick<ControllerRevision, 'data' | 'revision'> = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      ...UNSTORED,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      annotations: copied,
      ownerReferences: [controllerReference(owner)],
    },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision,
  }
  const created = store.create<ControllerRevision>('controllerrevisions', object)
  if (!created.ok) throw new Error(created.error.message)
  return created.value
}

/** Deletes the oldest revisions beyond `revisionHistoryLimit`; those in `live` stay and do not count. */
export function cleanRevisions(
  store: Store,
  owner: RevisionOwner,
  live: ReadonlySet<string>,
): void {
  const dead = revisionsOf(store, owner).filter(({ metadata }) => !live.has(metadata.name))
  const surplus = dead.length - (owner.spec.revisionHistoryLimit ?? 10)
  for (const { metadata } of dead.slice(0, Math.max(0, surplus))) {
    store.remove('controllerrevisions', metadata.namespace ?? '', metadata.name)
  }
}
