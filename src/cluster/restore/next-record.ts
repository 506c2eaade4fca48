import { hostname } from 'node:os'
import type { ApiObject, ChangedField, RestoreRecord } from './restore-record.ts'

/** The record that goes along with a change. An earlier one keeps its originals: they are from before the run's first change. */
export function nextRecord(
  { metadata }: ApiObject,
  run: string,
  fields: readonly ChangedField[],
  earlier: RestoreRecord | undefined,
): RestoreRecord {
  const kept = (earlier?.fields ?? []).filter(
    (field) => !fields.some(({ path }) => path === field.path),
  )
  return {
    version: 1,
    run,
    owner: earlier?.owner ?? `${hostname()}/${process.pid}`,
    at: earlier?.at ?? new Date().toISOString(),
    generation: earlier?.generation ?? metadata.generation ?? 0,
    change: (earlier?.change ?? 0) + 1,
    fields: [...kept, ...fields],
  }
}
