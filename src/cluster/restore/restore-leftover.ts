import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiClient } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import { cleanCopies } from './clean-copies.ts'
import { deleteLease } from './hold-lease.ts'
import { leasePatch, leasePath, readLease, type RunLease } from './lease-object.ts'
import type { ObjectRef } from './object-ref.ts'
import { restoreDeletable } from './restore-deletable.ts'
import { isPutBack, type RestoredObject, type RestoreObjectOptions } from './restore-object.ts'
import { sendPatch } from './send-patch.ts'

export interface RestoreLeftoverOptions extends Pick<
  RestoreObjectOptions,
  'client' | 'by' | 'foreign' | 'isDryRun' | 'tryForMs'
> {
  readonly lease: RunLease
}

/** What became of what a run had left. */
export interface RestoredLeftover {
  readonly run: string
  readonly objects: readonly { readonly ref: ObjectRef; readonly outcome: RestoredObject }[]
  /** Nothing of the run is left, its lock included. */
  readonly isClean: boolean
  readonly problem?: Problem
}

const AGAIN_MS = 200

/**
 * Puts back all that a run left, from any process and any machine: takes its lock over, so that a run that is not dead
 * after all changes nothing more; puts each object back; deletes the lock as the very last, so that whoever comes after
 * a restorer that died in between finds it and begins again.
 */
export async function restoreLeftover(options: RestoreLeftoverOptions): Promise<RestoredLeftover> {
  const { client, lease, by, isDryRun = false } = options
  const { run } = lease
  const taken = isDryRun ? succeed(lease) : await takeOver(client, lease, by, options.tryForMs)
  if (!taken.ok) return { run, objects: [], isClean: false, problem: taken.error }
  // Somebody else has ended the work.
  if (!taken.value) return { run, objects: [], isClean: true }
  const own = taken.value
  const objects: RestoredLeftover['objects'][number][] = []
  for (const ref of own.objects.toReversed()) {
    const outcome = await restoreDeletable({ ...options, ref, run, needsFence: true }, own)
    objects.push({ ref, outcome })
    if (!isDryRun) await cleanCopies(client, ref)
  }
  const isClean = objects.every(({ outcome }) => isPutBack(outcome))
  if (isDryRun) return { run, objects, isClean }
  const released = isClean ? await deleteLease(client, own) : await letGo(client, own)
  return {
    run,
    objects,
    isClean: isClean && released.ok,
    ...(!released.ok && { problem: released.error }),
  }
}

/** The lease as ours; undefined when it is gone. */
async function takeOver(
  client: ApiClient,
  found: RunLease,
  by: string,
  tryForMs: number,
): Promise<Result<RunLease | undefined, Problem>> {
  const startedMs = performance.now()
  const path = leasePath(found.namespace, found.name)
  let lease = found
  for (;;) {
    const body = leasePatch(lease, { holder: by })
    const taken = await sendPatch(client, path, { type: 'merge', body }, 'taking the lock over')
    if (taken.type === 'applied') return succeed(readLease(taken.object))
    if (taken.type === 'refused') return fail(taken.problem)
    const now = await client.call({ method: 'GET', path })
    if (!now.ok && now.error.status === 404) return succeed(undefined)
    if (now.ok) {
      const read = readLease(now.value)
      if (read?.run !== found.run) return succeed(undefined)
      if (read.holder === by) return succeed(read)
      lease = read
    }
    if (performance.now() - startedMs > tryForMs)
      return fail(apiProblem(taken.error, 'taking the lock over'))
    await pause(AGAIN_MS)
  }
}

/** Leaves the lock for the next who tries, who then need not wait. */
async function letGo(client: ApiClient, lease: RunLease): Promise<Result<void, Problem>> {
  const body = leasePatch(lease, { holder: '' })
  const path = leasePath(lease.namespace, lease.name)
  await sendPatch(client, path, { type: 'merge', body }, 'leaving the lock')
  return succeed(undefined)
}
