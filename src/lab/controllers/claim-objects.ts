import type { LabelSelector } from '../api/kinds/label-selector.ts'
import type { KubeObject, ResourceName, Store } from '../api/store.ts'
import { matchesSelector } from '../api/matches-selector.ts'
import { controllerOf, controllerReference, isControlledBy } from './owner-reference.ts'

/**
 * The objects that belong to `owner`: it adopts what matches and has no controller, and releases what no longer
 * matches. Terminating objects are not adopted.
 */
export function claimObjects<T extends KubeObject>(
  store: Store,
  resource: ResourceName,
  owner: KubeObject & { spec: { selector: LabelSelector } },
): T[] {
  const { namespace = '', deletionTimestamp: ownerDeletedAt } = owner.metadata
  return store.list<T>(resource, namespace).flatMap((object) => {
    const matches = matchesSelector(owner.spec.selector, object.metadata.labels)
    if (isControlledBy(object, owner))
      return matches ? [object] : release(store, resource, owner, object)
    const adoptable =
      !ownerDeletedAt && !object.metadata.deletionTimestamp && controllerOf(object) === undefined
    return matches && adoptable ? adopt<T>(store, resource, owner, object) : []
  })
}

function adopt<T extends KubeObject>(
  store: Store,
  resource: ResourceName,
  owner: KubeObject,
  object: T,
): T[] {
  const { namespace = '', name } = object.metadata
  const adopted = store.change<T>(resource, namespace, name, (draft) => {
    draft.metadata.ownerReferences = [
      ...(draft.metadata.ownerReferences ?? []),
      controllerReference(owner),
    ]
  })
  return adopted ? [adopted] : []
}

function release(
  store: Store,
  resource: ResourceName,
  owner: KubeObject,
  object: KubeObject,
): never[] {
  const { namespace = '', name } = object.metadata
  store.change(resource, namespace, name, (draft) => {
    draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter(
      (reference) => reference.uid !== owner.metadata.uid,
    )
  })
  return []
}
