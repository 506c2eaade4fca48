/**
 * What is equal in both, out of `older`: facts that were taken anew mostly say what was known, and what was known
 * already is kept, so that the new copy dies young. Changes nothing but what `newer`, which must be fresh, refers to.
 */
export function shareEqual<T>(older: unknown, newer: T): T {
  if (Object.is(older, newer)) return older as T
  if (!isObject(older) || !isObject(newer)) return newer
  const parts: Record<string, unknown> = newer
  const keys = Object.keys(parts)
  let isSame =
    keys.length === Object.keys(older).length && Array.isArray(older) === Array.isArray(newer)
  for (const key of keys) {
    const [was, is] = [older[key], parts[key]]
    const shared = shareEqual(was, is)
    if (shared !== is || typeof is === 'string') parts[key] = shared
    if (shared !== was) isSame = false
  }
  return isSame ? (older as T) : newer
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
