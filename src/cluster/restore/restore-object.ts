import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import type { ApiClient } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import { type ObjectRef, pathOfRef, textOfRef } from './object-ref.ts'
import { withMetadata } from './patch-metadata.ts'
import { planRestore, type Conflict, type RestorePlan } from './plan-restore.ts'
import {
  type ApiObject,
  asApiObject,
  FENCE_ANNOTATION,
  RECORD_ANNOTATION,
  recordOf,
} from './restore-record.ts'
import { sendPatch, type Written } from './send-patch.ts'

export interface RestoreObjectOptions {
  readonly client: ApiClient
  readonly ref: ObjectRef
  readonly run: string
  /** What is no longer as the run set it: `leave` it, `overwrite` it, or `keep` it and forget the original. */
  readonly foreign: 'leave' | 'overwrite' | 'keep'
  /** Only the plan and the server's own dry run of it. */
  readonly isDryRun?: boolean
  /** Unique for each restorer; the fence's value. */
  readonly by: string
  /** A restorer of another process cannot know what is still on its way, and writes a fence; the run itself can. */
  readonly needsFence: boolean
  /** How long a refused or lost call is tried again. */
  readonly tryForMs: number
}

/** How one object is now. */
export type RestoredObject =
  | { readonly type: 'clean' | 'gone' }
  | { readonly type: 'restored'; readonly fields: readonly string[] }
  | {
      readonly type: 'conflict'
      readonly fields: readonly string[]
      readonly conflicts: readonly Conflict[]
    }
  /** The record is another run's. */
  | { readonly type: 'other-run'; readonly run: string }
  | { readonly type: 'failed'; readonly problem: Problem }

/** Whether nothing of the run is left on an object. */
export const isPutBack = ({ type }: RestoredObject): boolean =>
  type !== 'conflict' && type !== 'failed'

const AGAIN_MS = 200

/**
 * Puts one object back to what it was before the run: everything in one PATCH that fails when the object has moved.
 * May be called again and by several at once: whatever was done already is found done.
 */
export async function restoreObject(options: RestoreObjectOptions): Promise<RestoredObject> {
  const { client, ref, tryForMs } = options
  const startedMs = performance.now()
  // What a write without an answer may have put back.
  const sent = new Set<string>()
  for (;;) {
    const found = await client.call({ method: 'GET', path: pathOfRef(ref) })
    if (!found.ok && found.error.status === 404) return { type: 'gone' }
    const tried = found.ok
      ? await tryOnce(options, asApiObject(found.value), sent)
      : apiProblem(found.error, `reading ${textOfRef(ref)}`)
    if ('type' in tried) {
      const wasSent = tried.type === 'clean' && sent.size > 0
      return wasSent ? { type: 'restored', fields: [...sent] } : tried
    }
    if (performance.now() - startedMs > tryForMs) return { type: 'failed', problem: tried }
    await pause(AGAIN_MS)
  }
}

/** One try on the object as it was read; a problem is worth another try. */
async function tryOnce(
  options: RestoreObjectOptions,
  object: ApiObject,
  sent: Set<string>,
): Promise<RestoredObject | Problem> {
  const record = recordOf(object)
  if (record === 'unreadable') return { type: 'failed', problem: unreadable(options.ref) }
  if (!record) return options.isDryRun ? { type: 'clean' } : makeSure(options, object)
  if (record.run !== options.run) return { type: 'other-run', run: record.run }
  const plan = planRestore(object, record, options.foreign)
  const written = await write(options, object, plan)
  if (written.type === 'unknown') for (const path of plan.restored) sent.add(path)
  if (written.type !== 'applied') return problemOf(written, options.ref)
  const fields = plan.restored
  if (plan.conflicts.length === 0) return { type: 'restored', fields }
  return { type: 'conflict', fields, conflicts: plan.conflicts }
}

const write = (options: RestoreObjectOptions, object: ApiObject, plan: RestorePlan) =>
  sendPatch(
    options.client,
    pathOfRef(options.ref),
    withMetadata({ type: 'json', body: plan.operations }, object, {
      [RECORD_ANNOTATION]: plan.leftRecord ? JSON.stringify(plan.leftRecord) : null,
      [FENCE_ANNOTATION]: null,
    }),
    `putting back ${textOfRef(options.ref)}`,
    options.isDryRun,
  )

/**
 * The object has no record; but a change that the dead run had sent may still be on its way. A write of ours moves
 * the resourceVersion on which that change depends; its value is unique, for an empty write moves nothing. A second
 * write takes the mark away again.
 */
async function makeSure(
  options: RestoreObjectOptions,
  object: ApiObject,
): Promise<RestoredObject | Problem> {
  const hasOldFence = object.metadata.annotations?.[FENCE_ANNOTATION] !== undefined
  if (!options.needsFence && !hasOldFence) return { type: 'clean' }
  const path = pathOfRef(options.ref)
  const doing = `making sure of ${textOfRef(options.ref)}`
  const mark = (on: ApiObject, value: string | null) =>
    sendPatch(
      options.client,
      path,
      withMetadata({ type: 'json', body: [] }, on, { [FENCE_ANNOTATION]: value }),
      doing,
    )
  const fenced = await mark(object, `${options.by}.${object.metadata.resourceVersion}`)
  if (fenced.type !== 'applied') return problemOf(fenced, options.ref)
  const cleaned = await mark(fenced.object, null)
  return cleaned.type === 'applied' ? { type: 'clean' } : problemOf(cleaned, options.ref)
}

const problemOf = (written: Exclude<Written, { type: 'applied' }>, ref: ObjectRef): Problem =>
  written.type === 'refused'
    ? written.problem
    : apiProblem(written.error, `putting back ${textOfRef(ref)}`)

const unreadable = (ref: ObjectRef): Problem => ({
  code: 'record-unreadable',
  message: `${textOfRef(ref)} has an annotation ${RECORD_ANNOTATION} that cannot be read`,
  hint: 'look at it with kubectl get -o yaml, put back by hand, and remove the annotation',
})
