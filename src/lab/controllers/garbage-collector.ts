import type { KubeObject, ResourceName, Store } from '../api/store.ts'
import { createSyncQueue } from './sync-queue.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

/** Kinds that can have an owner, or be one. */
const RESOURCES: readonly ResourceName[] = [
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'pods',
  'services',
  'endpointslices',
  'controllerrevisions',
  'configmaps',
  'ingresses',
  'jobs',
  'poddisruptionbudgets',
  'serviceaccounts',
  'endpoints',
]

interface Dependent {
  readonly resource: ResourceName
  readonly object: KubeObject
}

/**
 * Deletes what a deleted owner leaves behind: at once (background), before the owner goes (foreground), or not at all
 * (orphan), as the owner's finalizer says. Gives the way to stop.
 */
export function startGarbageCollector(store: Store): () => void {
  const held = new Map<string, Dependent>()
  const queue = createSyncQueue((uid) => {
    const owner = held.get(uid)
    if (owner) releaseOwner(store, owner)
    else for (const dependent of dependentsOf(store, uid)) collect(store, dependent, uid)
  })
  const unwatch = RESOURCES.map((resource) =>
    store.watch(resource, ({ type, object }) => {
      const { uid, ownerReferences = [] } = object.metadata
      if (type === 'DELETED') held.delete(uid)
      else if (waitsForDependents(object)) held.set(uid, { resource, object })
      if (type === 'DELETED' || held.has(uid)) queue.add(uid)
      for (const owner of ownerReferences) if (held.has(owner.uid)) queue.add(owner.uid)
    }),
  )
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

const waitsForDependents = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  [FOREGROUND, ORPHAN].some((finalizer) => metadata.finalizers?.includes(finalizer))

const dependentsOf = (store: Store, uid: string): Dependent[] =>
  RESOURCES.flatMap((resource) =>
    store
      .list(resource)
      .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
      .map((object) => ({ resource, object })),
  )

/** Deletes a dependent of an owner that is gone; one that has other owners only loses the reference. */
function collect(store: Store, dependent: Dependent, ownerUid: string): void {
  const { namespace = '', name, uid, ownerReferences = [] } = dependent.object.metadata
  if (ownerReferences.length > 1) forgetOwner(store, dependent, ownerUid)
  else store.remove(dependent.resource, namespace, name, { uid })
}

function forgetOwner(store: Store, { resource, object }: Dependent, ownerUid: string): void {
  const { namespace = '', name } = object.metadata
  store.change(resource, namespace, name, (draft) => {
    draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter(
      (owner) => owner.uid !== ownerUid,
    )
  })
}

/** Does for a waiting owner what its finalizer asks, and drops the finalizer when that is done. */
function releaseOwner(store: Store, owner: Dependent): void {
  const { uid, finalizers = [] } = owner.object.metadata
  const dependents = dependentsOf(store, uid)
  if (finalizers.includes(ORPHAN)) {
    for (const dependent of dependents) forgetOwner(store, dependent, uid)
    dropFinalizer(store, owner, ORPHAN)
    return
  }
  if (dependents.length === 0) dropFinalizer(store, owner, FOREGROUND)
  for (const dependent of dependents) deleteInForeground(store, dependent)
}

function deleteInForeground(store: Store, { resource, object }: Dependent): void {
  const { namespace = '', name, uid, deletionTimestamp } = object.metadata
  if (deletionTimestamp !== undefined) return
  if (dependentsOf(store, uid).length > 0) {
    store.change(resource, namespace, name, (draft) => {
      draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), FOREGROUND]
    })
  }
  store.remove(resource, namespace, name, { uid })
}

function dropFinalizer(store: Store, { resource, object }: Dependent, finalizer: string): void {
  const { namespace = '', name } = object.metadata
  store.change(resource, namespace, name, (draft) => {
    draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((one) => one !== finalizer)
  })
}
