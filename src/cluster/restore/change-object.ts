import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiClient } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import { changedFields } from './changed-fields.ts'
import { nextRecord } from './next-record.ts'
import { kubectlOfRef, type ObjectRef, pathOfRef, textOfRef } from './object-ref.ts'
import { withMetadata } from './patch-metadata.ts'
import {
  type ApiObject,
  asApiObject,
  FENCE_ANNOTATION,
  RECORD_ANNOTATION,
  recordOf,
  type RestoreRecord,
} from './restore-record.ts'
import { type Patch, sendPatch, type Written } from './send-patch.ts'

/** A change that can be put back: kubectl's own patch, and the fields that it touches, whole. */
export interface ObjectChange {
  readonly patch: Patch
  /** RFC 6901 pointers; each goes back as a whole. */
  readonly fields: readonly string[]
}

export interface ChangeObjectOptions {
  readonly client: ApiClient
  readonly ref: ObjectRef
  readonly run: string
  /** `scaling to 1`, for problems. */
  readonly doing: string
  /** Makes the change for the object as it is now. */
  readonly make: (object: ApiObject) => Result<ObjectChange, Problem>
  /** Asks whether the run still holds its lock, after the object was read and before it is changed. */
  readonly confirm: () => Promise<Result<void, Problem>>
  readonly tryForMs: number
}

/** The object before and after a change. */
export interface ChangedObject {
  readonly before: ApiObject
  readonly after: ApiObject
}

/** Longer annotations are refused by the API (256 KiB for all of an object). */
const MAX_RECORD_BYTES = 200 * 1024
const AGAIN_MS = 150

/**
 * Changes an object, with what it takes to put it back in the same PATCH. An unknown outcome is read back; until it is
 * certain the change is neither made nor sent again. Problems: `foreign-record`, `foreign-change`, `lock-lost`,
 * `outcome-unknown` (it may still be made), the API's.
 */
export async function changeObject(
  options: ChangeObjectOptions,
): Promise<Result<ChangedObject, Problem>> {
  const { client, ref, doing, tryForMs } = options
  const startedMs = performance.now()
  for (;;) {
    const found = await client.call({ method: 'GET', path: pathOfRef(ref) })
    const tried = found.ok
      ? await tryOnce(options, asApiObject(found.value))
      : readProblem(found.error.status, apiProblem(found.error, `reading ${textOfRef(ref)}`))
    if (tried.type === 'done') return succeed(tried.changed)
    if (tried.type === 'refused') return fail(tried.problem)
    if (performance.now() - startedMs > tryForMs) {
      return fail({ ...tried.problem, message: `${doing}: ${tried.problem.message}` })
    }
    await pause(AGAIN_MS)
  }
}

type Tried =
  | { readonly type: 'done'; readonly changed: ChangedObject }
  | { readonly type: 'again' | 'refused'; readonly problem: Problem }

const refused = (problem: Problem): Tried => ({ type: 'refused', problem })

const readProblem = (status: number | undefined, problem: Problem): Tried => ({
  type: status === undefined || status >= 500 || status === 429 ? 'again' : 'refused',
  problem,
})

async function tryOnce(options: ChangeObjectOptions, before: ApiObject): Promise<Tried> {
  const { client, ref, run, doing } = options
  const path = pathOfRef(ref)
  const earlier = recordOf(before)
  const notOurs = checkRecord(earlier, options)
  if (notOurs) return refused(notOurs)
  const made = options.make(before)
  if (!made.ok) return refused(made.error)
  // The server says what the object will be, its defaults and webhooks included; that is what "ours" means later.
  const preview = await sendPatch(
    client,
    path,
    withMetadata(made.value.patch, before, {}),
    doing,
    true,
  )
  if (preview.type !== 'applied') return notApplied(preview, doing)
  const ours = earlier === 'unreadable' ? undefined : earlier
  const fields = changedFields(before, preview.object, made.value.fields, ours)
  if (!fields.ok) return refused({ ...fields.error, message: `${doing}: ${fields.error.message}` })
  if (fields.value.length === 0) return { type: 'done', changed: { before, after: before } }
  const record = nextRecord(before, run, fields.value, ours)
  const text = JSON.stringify(record)
  if (Buffer.byteLength(text) > MAX_RECORD_BYTES) return refused(tooLarge(ref))
  const confirmed = await options.confirm()
  if (!confirmed.ok) return refused(confirmed.error)
  const patch = withMetadata(made.value.patch, before, { [RECORD_ANNOTATION]: text })
  const written = await sendPatch(client, path, patch, doing)
  if (written.type === 'applied')
    return { type: 'done', changed: { before, after: written.object } }
  if (written.type !== 'unknown') return notApplied(written, doing)
  return readBack(options, record, before)
}

function checkRecord(
  record: RestoreRecord | 'unreadable' | undefined,
  { ref, run }: ChangeObjectOptions,
): Problem | undefined {
  if (record === undefined || (record !== 'unreadable' && record.run === run)) return undefined
  const whose = record === 'unreadable' ? 'somebody' : `the run ${record.run}`
  return {
    code: 'foreign-record',
    message: `${textOfRef(ref)} still has what ${whose} wrote to put it back`,
    hint: 'podtank restore puts it back',
  }
}

/**
 * No answer came: the change may have been made, or may be made yet. Reads until the object has it, or until a write of
 * ours has moved the resourceVersion without it, after which it never can be made.
 */
async function readBack(
  { client, ref, doing, tryForMs }: ChangeObjectOptions,
  record: RestoreRecord,
  before: ApiObject,
): Promise<Tried> {
  const startedMs = performance.now()
  const path = pathOfRef(ref)
  for (;;) {
    const found = await client.call({ method: 'GET', path })
    if (found.ok) {
      const now = asApiObject(found.value)
      const seen = recordOf(now)
      const isMade =
        seen !== undefined &&
        seen !== 'unreadable' &&
        seen.run === record.run &&
        seen.change >= record.change
      if (isMade) return { type: 'done', changed: { before, after: now } }
      const value = `${record.run}.${record.change}.${now.metadata.resourceVersion}`
      const fence = withMetadata({ type: 'json', body: [] }, now, { [FENCE_ANNOTATION]: value })
      const fenced = await sendPatch(client, path, fence, doing)
      if (fenced.type === 'applied') return { type: 'again', problem: unanswered(doing) }
    }
    if (performance.now() - startedMs > tryForMs) return refused(notKnown(doing))
    await pause(AGAIN_MS)
  }
}

const unanswered = (doing: string): Problem => ({
  code: 'api-call-failed',
  message: `${doing}: the API server gave no answer, and the change was not made`,
})

const notKnown = (doing: string): Problem => ({
  code: 'outcome-unknown',
  message: `${doing}: the API server gave no answer, and whether the change was made could not be read back`,
})

const notApplied = (written: Exclude<Written, { type: 'applied' }>, doing: string): Tried =>
  written.type === 'refused'
    ? refused(written.problem)
    : { type: 'again', problem: apiProblem(written.error, doing) }

const tooLarge = (ref: ObjectRef): Problem => ({
  code: 'record-too-large',
  message: `${textOfRef(ref)} is too large to keep what it was in an annotation`,
  hint: `see kubectl get ${kubectlOfRef(ref)} -o yaml`,
})
