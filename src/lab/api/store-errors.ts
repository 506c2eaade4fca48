import type { KubeObject, ResourceName, StoreError } from './store.ts'
import { resourceKind } from './resource-kinds.ts'

export const notFound = (resource: ResourceName, name: string): StoreError => ({
  reason: 'NotFound',
  message: `${qualifiedResource(resource)} "${name}" not found`,
})

export const alreadyExists = (resource: ResourceName, name: string): StoreError => ({
  reason: 'AlreadyExists',
  message: `${qualifiedResource(resource)} "${name}" already exists`,
})

/** The client read another version of the object. */
export const versionConflict = (resource: ResourceName, name: string): StoreError => ({
  reason: 'Conflict',
  message:
    `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": the object has been modified; ` +
    'please apply your changes to the latest version and try again',
})

/** A precondition of a DELETE names another uid. */
export const uidConflict = (
  resource: ResourceName,
  { metadata }: KubeObject,
  uid: string,
): StoreError => preconditionConflict(resource, metadata.name, 'UID', uid, metadata.uid)

/** An update names another uid; etcd refuses it. */
export const storedUidConflict = (
  resource: ResourceName,
  { metadata }: KubeObject,
  uid: string,
): StoreError => {
  const { namespace, name } = metadata
  const key = ['/registry', resource, ...(namespace === undefined ? [] : [namespace]), name]
  return {
    reason: 'Conflict',
    message:
      `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": StorageError: invalid object, ` +
      `Code: 4, Key: ${key.join('/')}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ` +
      `UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
  }
}

/** A precondition of a DELETE names another resourceVersion. */
export const resourceVersionConflict = (
  resource: ResourceName,
  { metadata }: KubeObject,
  version: string,
): StoreError =>
  preconditionConflict(
    resource,
    metadata.name,
    'ResourceVersion',
    version,
    metadata.resourceVersion,
  )

const preconditionConflict = (
  resource: ResourceName,
  name: string,
  what: string,
  wanted: string,
  found: string,
): StoreError => ({
  reason: 'Conflict',
  message:
    `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": Precondition failed: ` +
    `${what} in precondition: ${wanted}, ${what} in object meta: ${found}`,
})

/** `deployments.apps`, as error messages name a resource. */
function qualifiedResource(resource: ResourceName): string {
  const { group } = resourceKind(resource)
  return group === '' ? resource : `${resource}.${group}`
}
