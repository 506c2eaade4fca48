import { pause } from '../../base/pause.ts'
import type { ApiClient, ApiError } from '../api-client.ts'
import { appsPath } from '../paths.ts'
import { type ObjectRef, pathOfRef } from './object-ref.ts'
import { type ApiObject, FENCE_ANNOTATION, RECORD_ANNOTATION } from './restore-record.ts'
import { sendPatch } from './send-patch.ts'

interface RawHistory extends ApiObject {
  readonly metadata: ApiObject['metadata'] & {
    readonly ownerReferences?: readonly { readonly uid: string }[]
  }
}

const TRIES = 20
const AGAIN_MS = 200
const OURS = [RECORD_ANNOTATION, FENCE_ANNOTATION]

/**
 * The controllers copy annotations of a Deployment to its ReplicaSets, those of the other kinds to their
 * ControllerRevisions, and never take them away; `kubectl rollout undo` of a Deployment would copy ours back. Takes them
 * away where they are. Without the permission they stay, which harms nobody: a record counts only together with the
 * lock of its run.
 */
export async function cleanCopies(client: ApiClient, ref: ObjectRef): Promise<void> {
  if (ref.kind === 'node') return
  for (let tries = 1; tries <= TRIES; tries++) {
    if (await cleanOnce(client, ref)) return
    await pause(AGAIN_MS)
  }
}

/** False when a call got no answer that settles it. */
async function cleanOnce(
  client: ApiClient,
  ref: Exclude<ObjectRef, { kind: 'node' }>,
): Promise<boolean> {
  const owner = await client.call({ method: 'GET', path: pathOfRef(ref) })
  if (!owner.ok) return isSettled(owner.error)
  const history = ref.kind === 'deployment' ? 'replicasets' : 'controllerrevisions'
  const listed = await client.call({ method: 'GET', path: appsPath(ref.namespace, history) })
  if (!listed.ok) return isSettled(listed.error)
  const { uid } = (owner.value as unknown as ApiObject).metadata
  const { items } = listed.value as unknown as { items: readonly RawHistory[] }
  for (const { metadata } of items) {
    const isOwned = metadata.ownerReferences?.some((reference) => reference.uid === uid)
    const has = OURS.filter((name) => metadata.annotations?.[name] !== undefined)
    if (isOwned !== true || has.length === 0) continue
    const annotations = Object.fromEntries(has.map((name) => [name, null]))
    const cleaned = await sendPatch(
      client,
      appsPath(ref.namespace, history, metadata.name),
      { type: 'merge', body: { metadata: { annotations } } },
      `cleaning one of the ${history}`,
    )
    if (cleaned.type === 'unknown' || cleaned.type === 'again') return false
  }
  return true
}

const isSettled = ({ status }: ApiError): boolean => status === 403 || status === 404
