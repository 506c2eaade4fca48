import type { Result } from '../../../base/result.ts'
import { fail, succeed } from '../../../base/result.ts'
import { sameJson } from '../snapshot.ts'
import { asObject } from './json-object.ts'

interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** RFC 6902. The target is not changed; a failing operation gives a sentence. */
export function jsonPatch(target: unknown, patch: unknown): Result<unknown, string> {
  if (!Array.isArray(patch)) return fail('json patch must be a list of operations')
  const holder = { root: structuredClone(target) }
  for (const candidate of patch as unknown[]) {
    const operation = asOperation(candidate)
    if (!operation) return fail(`not a json patch operation: ${JSON.stringify(candidate)}`)
    const problem = apply(holder, operation)
    if (problem) return fail(problem)
  }
  return succeed(holder.root)
}

function asOperation(candidate: unknown): Operation | undefined {
  const members = asObject(candidate)
  if (typeof members?.['op'] !== 'string' || typeof members['path'] !== 'string') return undefined
  return members as unknown as Operation
}

function apply(holder: object, { op, path, from, value }: Operation): string | undefined {
  const target = locate(holder, path)
  const missing = `${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}`
  if (!target) return missing
  switch (op) {
    case 'add':
      return target.add(structuredClone(value)) ? undefined : missing
    case 'remove':
      return target.remove() ? undefined : missing
    case 'replace':
      return target.exists() && target.replace(structuredClone(value)) ? undefined : missing
    case 'test': {
      const same = sameJson(target.read(), value) || (value === null && target.read() === undefined)
      return same ? undefined : `testing value ${path} failed: test failed`
    }
    case 'copy':
    case 'move': {
      const source = locate(holder, from ?? '')
      if (!source?.exists()) return `${op} operation does not apply: missing from: ${from ?? ''}`
      const taken = structuredClone(source.read())
      if (op === 'move') source.remove()
      return target.add(taken) ? undefined : missing
    }
    default:
      return `unexpected kind: ${op}`
  }
}

interface Location {
  read(): unknown
  exists(): boolean
  add(value: unknown): boolean
  replace(value: unknown): boolean
  remove(): boolean
}

/** The place that a JSON pointer names; undefined when its parent is not there. */
function locate(holder: object, pointer: string): Location | undefined {
  const keys = ['root', ...pointer.split('/').slice(1).map(unescapePointer)]
  const last = keys.pop() ?? ''
  let parent: unknown = holder
  for (const key of keys) {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key))
      return undefined
    parent = (parent as Record<string, unknown>)[key]
  }
  if (Array.isArray(parent)) return inList(parent as unknown[], last)
  const members = asObject(parent)
  return members && inObject(members, last)
}

const unescapePointer = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~')

const inObject = (members: Record<string, unknown>, key: string): Location => ({
  read: () => members[key],
  exists: () => Object.hasOwn(members, key),
  add: (value) => {
    members[key] = value
    return true
  },
  replace: (value) => {
    members[key] = value
    return true
  },
  remove: () => Object.hasOwn(members, key) && Reflect.deleteProperty(members, key),
})

function inList(list: unknown[], key: string): Location {
  const index = key === '-' ? list.length : /^\d+$/.test(key) ? Number(key) : NaN
  return {
    read: () => list[index],
    exists: () => index < list.length,
    add: (value) => {
      if (!(index <= list.length)) return false
      list.splice(index, 0, value)
      return true
    },
    replace: (value) => {
      list[index] = value
      return true
    },
    remove: () => index < list.length && list.splice(index, 1).length === 1,
  }
}
