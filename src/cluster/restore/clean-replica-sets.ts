import type { ApiClient } from '../api-client.ts'
import { appsPath } from '../paths.ts'
import { type ObjectRef, pathOfRef } from './object-ref.ts'
import { type ApiObject, FENCE_ANNOTATION, RECORD_ANNOTATION } from './restore-record.ts'
import { sendPatch } from './send-patch.ts'

interface RawReplicaSet extends ApiObject {
  readonly metadata: ApiObject['metadata'] & {
    readonly ownerReferences?: readonly { readonly uid: string }[]
  }
}

const OURS = [RECORD_ANNOTATION, FENCE_ANNOTATION]

/**
 * The Deployment controller copies annotations to ReplicaSets and never takes them away; `kubectl rollout undo` would
 * copy ours back. Takes them away where they are. Without the permission they stay, which harms nobody: a record counts
 * only together with the lock of its run.
 */
export async function cleanReplicaSets(
  client: ApiClient,
  ref: Exclude<ObjectRef, { kind: 'node' }>,
): Promise<void> {
  const owner = await client.call({ method: 'GET', path: pathOfRef(ref) })
  const listed = await client.call({
    method: 'GET',
    path: appsPath(ref.namespace, 'replicasets'),
  })
  if (!owner.ok || !listed.ok) return
  const { uid } = (owner.value as unknown as ApiObject).metadata
  const { items } = listed.value as unknown as { items: readonly RawReplicaSet[] }
  for (const { metadata } of items) {
    const isOwned = metadata.ownerReferences?.some((reference) => reference.uid === uid)
    const has = OURS.filter((name) => metadata.annotations?.[name] !== undefined)
    if (isOwned !== true || has.length === 0) continue
    await sendPatch(
      client,
      appsPath(ref.namespace, 'replicasets', metadata.name),
      {
        type: 'merge',
        body: { metadata: { annotations: Object.fromEntries(has.map((name) => [name, null])) } },
      },
      'cleaning a ReplicaSet',
    )
  }
}
