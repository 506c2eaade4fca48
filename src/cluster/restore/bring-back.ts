import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { JsonObject } from '../../scenario/scenario.ts'
import type { ApiClient } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import { corePath } from '../paths.ts'
import type { RunLease } from './lease-object.ts'
import { pathOfRef, textOfRef } from './object-ref.ts'

const TRIES = 40
const AGAIN_MS = 250

/**
 * Creates a deleted workload again from its saved manifest. One that is there already is left as it is: it was never
 * deleted, or is back. False: there is no saved manifest any more. The manifest stays, see {@link dropSaved}.
 */
export async function bringBack(
  client: ApiClient,
  lease: RunLease,
  isDryRun: boolean,
): Promise<Result<boolean, Problem>> {
  const [ref] = lease.objects
  if (lease.saved === undefined || !ref || ref.kind === 'node') return succeed(false)
  const savedPath = corePath(lease.namespace, 'configmaps', lease.saved)
  const collection = pathOfRef(ref).replace(/\/[^/]+$/, '')
  for (let tries = 1; ; tries++) {
    const saved = await client.call({ method: 'GET', path: savedPath })
    if (!saved.ok && saved.error.status === 404) return succeed(false)
    if (saved.ok) {
      const made = await create(client, collection, saved.value, isDryRun)
      if (made.ok) return succeed(true)
      if (tries >= TRIES || made.error.code === 'forbidden') return made
    } else if (tries >= TRIES) {
      return fail(apiProblem(saved.error, `bringing ${textOfRef(ref)} back`))
    }
    await pause(AGAIN_MS)
  }
}

/** Deletes the saved manifest: only when no DELETE of the workload can arrive any more. */
export async function dropSaved(
  client: ApiClient,
  lease: RunLease,
): Promise<Result<void, Problem>> {
  if (lease.saved === undefined) return succeed(undefined)
  const path = corePath(lease.namespace, 'configmaps', lease.saved)
  const dropped = await client.call({ method: 'DELETE', path, isRepeatable: true })
  if (dropped.ok || dropped.error.status === 404) return succeed(undefined)
  return fail(apiProblem(dropped.error, 'deleting the saved manifest'))
}

async function create(
  client: ApiClient,
  collection: string,
  saved: JsonObject,
  isDryRun: boolean,
): Promise<Result<void, Problem>> {
  const { manifest } = saved['data'] as { manifest: string }
  const made = await client.call({
    method: 'POST',
    path: collection,
    ...(isDryRun && { query: { dryRun: 'All' } }),
    body: JSON.parse(manifest) as unknown,
  })
  const isThere = made.ok || made.error.reason === 'AlreadyExists'
  return isThere ? succeed(undefined) : fail(apiProblem(made.error, 'bringing the workload back'))
}
