import { randomUUID } from 'node:crypto'
import type { Result } from '../../base/result.ts'
import type { KubeObject, ResourceName, Store, StoreError } from './store.ts'
import { fail, succeed } from '../../base/result.ts'
import { fillDefaults } from './fill-defaults.ts'
import { kubeTime } from './kube-time.ts'
import { resourceKind } from './resource-kinds.ts'
import { draftOf } from './snapshot.ts'
import { alreadyExists } from './store-errors.ts'
import { describeInvalid } from './describe-invalid.ts'
import { validateObject } from './validate-object.ts'

/** What `create` would make, with nothing written; an address of a Service is not allocated. */
export function previewCreate(
  store: Store,
  resource: ResourceName,
  object: KubeObject,
): Result<KubeObject, StoreError> {
  const draft = draftOf(object)
  const { generateName } = draft.metadata
  if (!draft.metadata.name && generateName) draft.metadata.name = `${generateName}xxxxx`
  const { name, namespace = '' } = draft.metadata
  const mistakes = validateObject(resource, draft)
  if (mistakes.length > 0) return fail(describeInvalid(resource, name, mistakes))
  if (store.get(resource, namespace, name)) {
    return fail(alreadyExists(resource, name))
  }
  fillDefaults(resource, draft)
  draft.metadata.uid = randomUUID()
  draft.metadata.creationTimestamp = kubeTime()
  if (resourceKind(resource).generationOf.length > 0) draft.metadata.generation = 1
  return succeed(draft)
}
