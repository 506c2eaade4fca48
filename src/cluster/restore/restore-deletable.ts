import type { RunLease } from './lease-object.ts'
import { bringBack, dropSaved } from './bring-back.ts'
import {
  isPutBack,
  type RestoredObject,
  restoreObject,
  type RestoreObjectOptions,
} from './restore-object.ts'

const TRIES = 20

/**
 * Puts one object back that the run may also have deleted. The order matters: a DELETE that is still on its way depends
 * on the resourceVersion, so the manifest may go only after a write has moved it; and whoever finds the workload gone
 * before that write creates it again.
 */
export async function restoreDeletable(
  options: RestoreObjectOptions,
  lease: RunLease,
): Promise<RestoredObject> {
  const { client, ref, isDryRun = false } = options
  if (lease.saved === undefined || ref.kind === 'node') return restoreObject(options)
  for (let tries = 1; ; tries++) {
    const back = await bringBack(client, lease, isDryRun)
    if (!back.ok) return { type: 'failed', problem: back.error }
    if (!back.value || isDryRun) return restoreObject(options)
    const outcome = await restoreObject({ ...options, needsFence: true })
    if (outcome.type === 'gone' && tries < TRIES) continue
    if (!isPutBack(outcome)) return outcome
    const dropped = await dropSaved(client, lease)
    return dropped.ok ? outcome : { type: 'failed', problem: dropped.error }
  }
}
