const snapshots = new WeakSet<object>()

/** A deeply frozen copy of plain JSON; members that are undefined are left out, parts already frozen here are shared. */
export function snapshot<T>(value: T): T {
  if (typeof value !== 'object' || value === null || snapshots.has(value)) return value
  const copy = Array.isArray(value)
    ? value.map((item: unknown) => snapshot(item))
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, member]) => member !== undefined)
          .map(([key, member]: [string, unknown]) => [key, snapshot(member)]),
      )
  snapshots.add(copy)
  return Object.freeze(copy) as T
}

/** A deep copy that may be changed. */
export const draftOf = <T>(value: T): T => structuredClone(value)

/** Equality of plain JSON; order of keys does not matter, and undefined is the same as absent. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false
  if (Array.isArray(left) || Array.isArray(right)) return sameItems(left, right)
  const rightMembers = new Map(members(right))
  const leftMembers = members(left)
  if (leftMembers.length !== rightMembers.size) return false
  return leftMembers.every(([key, value]) => sameJson(value, rightMembers.get(key)))
}

const members = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, member]) => member !== undefined)

function sameItems(left: unknown, right: unknown): boolean {
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
  return left.every((item, index) => sameJson(item, right[index]))
}
