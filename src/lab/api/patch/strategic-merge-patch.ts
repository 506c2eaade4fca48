import { sameJson } from '../snapshot.ts'
import { asObject, type JsonObject } from './json-object.ts'
import { mergeKeyOf, setLists } from './merge-keys.ts'

const DIRECTIVE = '$patch'
const ORDER = '$setElementOrder/'
const DELETE_FROM = '$deleteFromPrimitiveList/'
const RETAIN = '$retainKeys'

/**
 * Kubernetes' strategic merge patch: objects merge, lists with a merge key merge item by item, other lists are
 * replaced, null deletes (k8s-mechanics 7.4). Nothing given is changed.
 */
export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  const members = asObject(patch)
  return members ? mergeObject(asObject(target) ?? {}, members) : patch
}

function mergeObject(target: JsonObject, patch: JsonObject): JsonObject {
  if (patch[DIRECTIVE] === 'replace') return without(patch, DIRECTIVE)
  if (patch[DIRECTIVE] === 'delete') return {}
  const result = retained(target, patch[RETAIN])
  for (const [key, value] of Object.entries(patch)) {
    if (key === DIRECTIVE || key === RETAIN || key.startsWith(ORDER)) continue
    if (key.startsWith(DELETE_FROM)) deleteFromList(result, key.slice(DELETE_FROM.length), value)
    else if (value === null) Reflect.deleteProperty(result, key)
    else result[key] = mergeMember(key, result[key], value)
  }
  orderLists(target, result, patch)
  return result
}

function orderLists(target: JsonObject, result: JsonObject, patch: JsonObject): void {
  for (const [key, merged] of Object.entries(result)) {
    const order = patch[ORDER + key] ?? patch[key]
    const before = target[key]
    if (!Array.isArray(merged) || !Array.isArray(order) || !Array.isArray(before)) continue
    const mergeKey = mergeKeyOf(key, [...(merged as unknown[]), ...(order as unknown[])])
    if (!mergeKey && !setLists.has(key)) continue
    result[key] = ordered(before, merged, order, (item) =>
      mergeKey ? asObject(item)?.[mergeKey] : item,
    )
  }
}

function retained(target: JsonObject, keys: unknown): JsonObject {
  if (!Array.isArray(keys)) return { ...target }
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)))
}

const without = (members: JsonObject, unwanted: string): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([key]) => key !== unwanted))

function mergeMember(key: string, current: unknown, value: unknown): unknown {
  const members = asObject(value)
  if (members) return mergeObject(asObject(current) ?? {}, members)
  if (!Array.isArray(value)) return value
  const items = value as unknown[]
  const currentItems = Array.isArray(current) ? (current as unknown[]) : []
  const mergeKey = mergeKeyOf(key, [...items, ...currentItems])
  if (mergeKey) return mergeList(mergeKey, currentItems, items)
  return setLists.has(key) ? union(currentItems, items) : items
}

const union = (current: readonly unknown[], added: readonly unknown[]): unknown[] => [
  ...current,
  ...added.filter((item) => !current.some((one) => sameJson(one, item))),
]

function mergeList(
  mergeKey: string,
  current: readonly unknown[],
  patch: readonly unknown[],
): unknown[] {
  const replaces = patch.some((item) => {
    const members = asObject(item)
    return members?.[DIRECTIVE] === 'replace' && members[mergeKey] === undefined
  })
  const result = replaces ? [] : [...current]
  for (const item of patch) mergeItem(mergeKey, result, asObject(item))
  return result
}

function mergeItem(mergeKey: string, list: unknown[], item: JsonObject | undefined): void {
  const id = item?.[mergeKey]
  if (!item || id === undefined) return
  const index = list.findIndex((one) => asObject(one)?.[mergeKey] === id)
  const current = asObject(list[index])
  if (item[DIRECTIVE] === 'delete') {
    if (index >= 0) list.splice(index, 1)
  } else if (current) list[index] = mergeObject(current, item)
  else list.push(mergeObject({}, item))
}

function deleteFromList(target: JsonObject, key: string, unwanted: unknown): void {
  const list = target[key]
  if (!Array.isArray(list) || !Array.isArray(unwanted)) return
  target[key] = list.filter((item) => !unwanted.includes(item))
}

/**
 * Items of the patch come in the patch's order (or in that of `$setElementOrder`), the others in theirs; where both
 * were there before, the old order decides which comes first, and else the patch's item does.
 */
function ordered(
  before: readonly unknown[],
  merged: readonly unknown[],
  order: readonly unknown[],
  idOf: (item: unknown) => unknown,
): unknown[] {
  const rankIn = (list: readonly unknown[], item: unknown) =>
    list.findIndex((one) => idOf(one) === idOf(item))
  const isNamed = (item: unknown) => rankIn(order, item) >= 0
  const named = merged.filter(isNamed).sort((a, b) => rankIn(order, a) - rankIn(order, b))
  const others = merged.filter((item) => !isNamed(item))
  const result: unknown[] = []
  while (named.length > 0 && others.length > 0) {
    const [otherRank, namedRank] = [rankIn(before, others[0]), rankIn(before, named[0])]
    const otherFirst = otherRank >= 0 && namedRank >= 0 && otherRank < namedRank
    result.push((otherFirst ? others : named).shift())
  }
  return [...result, ...named, ...others]
}
