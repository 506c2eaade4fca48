import { asObject, type JsonObject } from './json-object.ts'

/** RFC 7386: members of the patch replace, null deletes, lists are replaced whole. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  const members = asObject(patch)
  if (!members) return patch
  const result: JsonObject = { ...asObject(target) }
  for (const [key, value] of Object.entries(members)) {
    if (value === null) Reflect.deleteProperty(result, key)
    else result[key] = mergePatch(result[key], value)
  }
  return result
}
