import type { JsonObject } from '../../scenario/scenario.ts'

/** What a run has changed of the object; written in the same PATCH as the change, removed in that of the restore. */
export const RECORD_ANNOTATION = 'podtank.dev/restore'
/** Written by a restorer for its own sake: it moves the resourceVersion, on which every late change fails. */
export const FENCE_ANNOTATION = 'podtank.dev/fence'

/** The value of {@link RECORD_ANNOTATION}. */
export interface RestoreRecord {
  readonly version: 1
  readonly run: string
  /** Who: host and process. */
  readonly owner: string
  /** When the first change was made, ISO 8601. */
  readonly at: string
  /** The object's generation before the first change. */
  readonly generation: number
  /** Counts the run's changes of this object, so that a read tells which of them took effect. */
  readonly change: number
  readonly fields: readonly ChangedField[]
}

export interface ChangedField {
  /** RFC 6901, such as `/spec/replicas`. */
  readonly path: string
  /** As it was before the first change of the run; absent: the field was not there. */
  readonly original?: unknown
  /** Digest of the value that the run has set. */
  readonly set: string
}

export interface ApiObject {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly resourceVersion: string
    readonly generation?: number
    readonly annotations?: Readonly<Record<string, string>>
    readonly labels?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
  }
}

/** The record on an object: undefined when there is none, `unreadable` when it is not one of ours. */
export function recordOf({ metadata }: ApiObject): RestoreRecord | 'unreadable' | undefined {
  const text = metadata.annotations?.[RECORD_ANNOTATION]
  if (text === undefined) return undefined
  try {
    const value = JSON.parse(text) as Partial<RestoreRecord>
    return isRecord(value) ? value : 'unreadable'
  } catch {
    return 'unreadable'
  }
}

const isRecord = (value: Partial<RestoreRecord>): value is RestoreRecord =>
  value.version === 1 &&
  typeof value.run === 'string' &&
  typeof value.change === 'number' &&
  Array.isArray(value.fields) &&
  value.fields.every(({ path, set }) => typeof path === 'string' && typeof set === 'string')

export const asApiObject = (object: JsonObject): ApiObject & JsonObject =>
  object as unknown as ApiObject & JsonObject
