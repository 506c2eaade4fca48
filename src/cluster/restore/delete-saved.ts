import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import type { ApiClient } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import { corePath } from '../paths.ts'
import type { HeldLease } from './hold-lease.ts'
import { type ObjectRef, pathOfRef, textOfRef } from './object-ref.ts'
import type { ApiObject } from './restore-record.ts'
import { savedManifest, savedName } from './saved-manifest.ts'

type WorkloadObject = Exclude<ObjectRef, { kind: 'node' }>

const TRIES = 40
const AGAIN_MS = 150

/**
 * Saves the manifest, tells the lock of it, and only then sends the DELETE, which fails when the workload has moved
 * since; it is then saved again. Its controller moves it often.
 */
export async function deleteSaved(
  client: ApiClient,
  lease: HeldLease,
  ref: WorkloadObject,
  run: string,
): Promise<Result<void, Problem>> {
  const doing = `deleting ${textOfRef(ref)}`
  for (let tries = 1; ; tries++) {
    const found = await client.call({ method: 'GET', path: pathOfRef(ref) })
    // Gone by an earlier try whose answer was lost.
    if (!found.ok && found.error.status === 404 && tries > 1) return succeed(undefined)
    if (!found.ok) return fail(apiProblem(found.error, doing))
    const saved = await save(client, run, ref, found.value)
    if (!saved.ok) return saved
    const told = await lease.change({ saved: savedName(run) })
    if (!told.ok) return told
    const { uid, resourceVersion } = (found.value as unknown as ApiObject).metadata
    const deleted = await client.call({
      method: 'DELETE',
      path: pathOfRef(ref),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: { uid, resourceVersion },
      },
    })
    if (deleted.ok || deleted.error.status === 404) return succeed(undefined)
    const { status } = deleted.error
    const isFinal = status !== undefined && status < 500 && status !== 409 && status !== 429
    if (isFinal || tries >= TRIES) return fail(apiProblem(deleted.error, doing))
    await pause(AGAIN_MS)
  }
}

async function save(
  client: ApiClient,
  run: string,
  ref: WorkloadObject,
  object: JsonObject,
): Promise<Result<void, Problem>> {
  const body = savedManifest(run, ref.namespace, object)
  const maps = corePath(ref.namespace, 'configmaps')
  const created = await client.call({ method: 'POST', path: maps, body })
  if (created.ok) return succeed(undefined)
  // From the try before; nothing is deleted yet, so that it may be made anew.
  const isOld = created.error.reason === 'AlreadyExists'
  if (isOld) await client.call({ method: 'DELETE', path: `${maps}/${savedName(run)}` })
  const again = isOld ? await client.call({ method: 'POST', path: maps, body }) : created
  if (again.ok) return succeed(undefined)
  return fail(apiProblem(again.error, `saving the manifest of ${textOfRef(ref)}`))
}
