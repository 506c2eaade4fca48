import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiClient, ApiError } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import type { ChangedObject, ObjectChange } from '../restore/change-object.ts'
import { digest } from '../restore/digest.ts'
import { valueAt } from '../restore/json-pointer.ts'
import { type ObjectRef, pathOfRef, textOfRef } from '../restore/object-ref.ts'
import { withMetadata } from '../restore/patch-metadata.ts'
import { type ApiObject, asApiObject, RECORD_ANNOTATION } from '../restore/restore-record.ts'
import { type Patch, sendPatch, type Written } from '../restore/send-patch.ts'
import {
  type DryRunPart,
  type DryRunStep,
  type FieldChange,
  noPart,
  type SentCall,
} from './dry-run-step.ts'
import { type PlannedObject, planObject, wayBackOf } from './planned-object.ts'

export interface DryRunChangeOptions {
  /** Sends every write as a dry run. */
  readonly client: ApiClient
  readonly ref: ObjectRef
  readonly run: string
  /** `scaling to 1`, for problems. */
  readonly doing: string
  readonly make: (object: ApiObject) => Result<ObjectChange, Problem>
  /** What the steps before would have made of the object. */
  readonly earlier: PlannedObject | undefined
}

/** A change and its way back, as the server would take them. */
export interface DryRunChange extends ChangedObject {
  readonly step: DryRunStep
  /** Absent: the change is refused. */
  readonly planned?: PlannedObject
}

const TRIES = 20
const AGAIN_MS = 150

/** The controller moves the object while it is looked at; then it is looked at again. */
type Tried<T> = { readonly again: ApiError } | { readonly result: T }

/** Sends a change of an object, with its record, and then what would put it back, as dry runs. Problems: the API's, those of `make`. */
export async function dryRunChange(
  options: DryRunChangeOptions,
): Promise<Result<DryRunChange, Problem>> {
  for (let tries = 1; ; tries++) {
    const tried = await tryOnce(options)
    if ('result' in tried) return tried.result
    if (tries >= TRIES) return fail(apiProblem(tried.again, options.doing))
    await pause(AGAIN_MS)
  }
}

async function tryOnce(
  options: DryRunChangeOptions,
): Promise<Tried<Result<DryRunChange, Problem>>> {
  const { client, ref, run, doing } = options
  const path = pathOfRef(ref)
  const read = await client.call({ method: 'GET', path })
  if (!read.ok) return { result: fail(apiProblem(read.error, `reading ${textOfRef(ref)}`)) }
  const before = asApiObject(read.value)
  const made = options.make(before)
  if (!made.ok) return { result: made }
  const { patch, fields } = made.value
  const send = (annotations: Readonly<Record<string, string>>) =>
    sendPatch(client, path, withMetadata(patch, before, annotations), doing, true)
  const preview = await send({})
  if (preview.type === 'again') return { again: preview.error }
  const calls = [callOf(ref, patch)]
  if (preview.type !== 'applied') {
    const change = refused(calls, preview, doing)
    const step = { change, wayBack: noPart('there would be nothing to put back'), fields: [] }
    return { result: succeed({ before, after: before, step }) }
  }
  const after = preview.object
  const planned = planObject(before, after, made.value, run, options.earlier)
  const whole = await send({ [RECORD_ANNOTATION]: JSON.stringify(planned.record) })
  if (whole.type === 'again') return { again: whole.error }
  const change: DryRunPart =
    whole.type === 'applied' ? { verdict: 'accepted', calls } : refused(calls, whole, doing)
  const wayBack = await tryWayBack(options, before, planned)
  if ('again' in wayBack) return wayBack
  const step = {
    change,
    wayBack: wayBack.result,
    fields: changesOf(ref, before, after, fields),
  }
  return { result: succeed({ before, after, step, planned }) }
}

async function tryWayBack(
  { client, ref }: DryRunChangeOptions,
  before: ApiObject,
  planned: PlannedObject,
): Promise<Tried<DryRunPart>> {
  const { fields } = planned.record
  if (fields.length === 0) return { result: noPart('it is so already') }
  const doing = `putting back ${textOfRef(ref)}`
  const { patch, operations } = wayBackOf(before, planned)
  const calls = [callOf(ref, { type: 'json', body: operations })]
  const back = await sendPatch(client, pathOfRef(ref), patch, doing, true)
  if (back.type === 'again') return { again: back.error }
  if (back.type !== 'applied') return { result: refused(calls, back, doing) }
  const other = fields.filter(
    ({ path, original }) => digest(valueAt(back.object, path)) !== digest(original),
  )
  if (other.length === 0) return { result: { verdict: 'accepted', calls } }
  const names = other.map(({ path }) => path.slice(1).replaceAll('/', '.')).join(', ')
  const text = `the server takes it, but would not make ${names} what it was`
  return { result: { verdict: 'refused', calls, code: 'not-as-before', text } }
}

const callOf = (ref: ObjectRef, { type, body }: Patch): SentCall => ({
  method: 'PATCH',
  path: pathOfRef(ref),
  contentType: `application/${type === 'json' ? 'json-patch' : `${type}-patch`}+json`,
  body,
})

function refused(
  calls: readonly SentCall[],
  { error }: Exclude<Written, { type: 'applied' }>,
  doing: string,
): DryRunPart {
  const { code, message } = apiProblem(error, doing)
  return { verdict: 'refused', calls, code, text: message }
}

const changesOf = (
  ref: ObjectRef,
  before: ApiObject,
  after: ApiObject,
  paths: readonly string[],
): readonly FieldChange[] =>
  paths.flatMap((path) => {
    const from = valueAt(before, path)
    const to = valueAt(after, path)
    if (digest(from) === digest(to)) return []
    const values = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
    return [{ object: textOfRef(ref), path, ...values }]
  })
