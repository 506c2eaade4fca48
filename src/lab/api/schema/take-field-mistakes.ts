import type { ResourceName } from '../store.ts'
import { asObject, type JsonObject } from '../patch/json-object.ts'
import { resourceKind } from '../resource-kinds.ts'
import { typeFields } from './type-fields.ts'

/** What a decoder finds in an object besides its meaning. */
export interface FieldMistakes {
  /** Paths of fields that the kind has not, e.g. `spec.containers[0].imag`. */
  readonly unknown: readonly string[]
  /** The first value of a wrong type, in the words of Go's decoder. */
  readonly wrongType?: string
}

interface Found {
  readonly unknown: string[]
  wrongType?: string
}

interface Place {
  /** With indices: `spec.containers[0]`. */
  readonly path: string
  /** Without: `spec.containers`. */
  readonly keys: string
  /** The Go struct that the value is a field of. */
  readonly owner: string
}

/** As Kubernetes words it; whether the suffix means something is looked at later. */
const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/

const parsed = new Map<string, ReadonlyMap<string, string>>()

function fieldsOf(type: string): ReadonlyMap<string, string> | undefined {
  const text = typeFields[type]
  if (text === undefined) return undefined
  const known = parsed.get(type)
  if (known) return known
  const pairs = text.split(' ').map((field): [string, string] => {
    const [name = '', kind = ''] = field.split(':')
    return [name, kind]
  })
  const fields = new Map(pairs)
  parsed.set(type, fields)
  return fields
}

/** Unknown fields, which are taken out of the draft as a decoder drops them, and values of a wrong type. */
export function takeFieldMistakes(resource: ResourceName, draft: JsonObject): FieldMistakes {
  const found: Found = { unknown: [] }
  const { kind } = resourceKind(resource)
  examine(draft, kind, { path: '', keys: '', owner: kind }, found)
  return found
}

function examine(value: unknown, type: string, place: Place, found: Found): void {
  if (value === null || value === undefined || type === 'a') return
  const inner = type.slice(1, -1)
  if (type.startsWith('[')) {
    examineList(value, inner, place, found)
  } else if (type.startsWith('{')) {
    const members = asObject(value)
    if (!members) mismatch(value, `map[string]${goType(inner)}`, place, found)
    for (const [key, member] of Object.entries(members ?? {})) {
      examine(member, inner, { ...place, path: `${place.path}.${key}` }, found)
    }
  } else if (type.length === 1) {
    if (type === 'q' && typeof value === 'string' && !QUANTITY.test(value)) {
      found.wrongType ??= `quantities must match the regular expression '${QUANTITY.source}'`
    } else if (!fits(value, type)) mismatch(value, goType(type), place, found)
  } else {
    examineStruct(value, type, place, found)
  }
}

function examineList(value: unknown, type: string, place: Place, found: Found): void {
  if (!Array.isArray(value)) {
    mismatch(value, `[]${goType(type)}`, place, found)
    return
  }
  for (const [index, item] of (value as unknown[]).entries()) {
    examine(item, type, { ...place, path: `${place.path}[${String(index)}]` }, found)
  }
}

function examineStruct(value: unknown, type: string, place: Place, found: Found): void {
  const members = asObject(value)
  if (!members) {
    mismatch(value, goType(type), place, found)
    return
  }
  const fields = fieldsOf(type)
  if (!fields) return
  const below = (text: string, key: string) => (text === '' ? key : `${text}.${key}`)
  const unknown = Object.keys(members).filter((key) => !fields.has(key))
  for (const [key, fieldType] of fields) {
    const path = below(place.path, key)
    examine(members[key], fieldType, { path, keys: below(place.keys, key), owner: type }, found)
  }
  for (const key of unknown) {
    found.unknown.push(below(place.path, key))
    Reflect.deleteProperty(members, key)
  }
}

function fits(value: unknown, type: string): boolean {
  switch (type) {
    case 's':
      return typeof value === 'string'
    case 'b':
      return typeof value === 'boolean'
    case 'i':
    case 'l':
      return Number.isInteger(value)
    case 'f':
      return typeof value === 'number'
    default:
      return typeof value === 'string' || typeof value === 'number'
  }
}

function goType(type: string): string {
  const names: Readonly<Record<string, string>> = {
    s: 'string',
    b: 'bool',
    i: 'int32',
    l: 'int64',
    f: 'float64',
    q: 'resource.Quantity',
    x: 'intstr.IntOrString',
  }
  return names[type] ?? `v1.${type}`
}

function mismatch(value: unknown, wanted: string, place: Place, found: Found): void {
  const given = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  found.wrongType ??= `json: cannot unmarshal ${given} into Go struct field ${place.owner}.${place.keys} of type ${wanted}`
}
