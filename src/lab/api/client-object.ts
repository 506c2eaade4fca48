import type { JsonObject } from './patch/json-object.ts'
import { asObject } from './patch/json-object.ts'

const CLIENT_METADATA = [
  'name',
  'generateName',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
]

/** The part of `metadata` that clients decide on. */
export const clientMetadata = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(asObject(object['metadata']) ?? {}).filter(([key]) =>
      CLIENT_METADATA.includes(key),
    ),
  )

/** A copy in which members that are null are absent, as they are to Kubernetes; kubectl sends e.g. `creationTimestamp: null`. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(
    members.map(([key, member]: [string, unknown]) => [key, withoutNulls(member)]),
  ) as T
}
