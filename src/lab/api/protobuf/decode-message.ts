import { kubeTime } from '../kube-time.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { messageFields } from './message-fields.ts'
import { wireFields } from './wire.ts'

interface Field {
  readonly name: string
  readonly type: string
  /** Zero is the same as absent. */
  readonly optional: boolean
}

const parsed = new Map<string, ReadonlyMap<number, Field>>()

function fieldsOf(type: string): ReadonlyMap<number, Field> {
  const known = parsed.get(type)
  if (known) return known
  const fields = new Map(
    (messageFields[type] ?? '')
      .split(' ')
      .filter(Boolean)
      .map((text): [number, Field] => {
        const [number = '', name = '', kind = ''] = text.split(':')
        return [Number(number), { name, type: kind.replace('?', ''), optional: kind.endsWith('?') }]
      }),
  )
  parsed.set(type, fields)
  return fields
}

/** A protobuf message of a type of {@link messageFields} as the JSON that a client would send. Throws RangeError. */
export function decodeMessage(type: string, bytes: Buffer): JsonObject {
  const message: JsonObject = {}
  const fields = fieldsOf(type)
  for (const { number, value } of wireFields(bytes)) {
    const field = fields.get(number)
    if (!field) continue
    const { name, type: kind, optional } = field
    if (name === '') Object.assign(message, decodeMessage(kind, value as Buffer))
    else if (kind.startsWith('[')) append(message, name, decodeValue(kind.slice(1, -1), value))
    else if (kind.startsWith('{')) addMember(message, name, kind.slice(1, -1), value as Buffer)
    else {
      const decoded = decodeValue(kind, value)
      if (!(optional && isZero(decoded))) message[name] = decoded
    }
  }
  return message
}

const isZero = (value: unknown): boolean => value === '' || value === 0 || value === false

function append(message: JsonObject, name: string, value: unknown): void {
  const list = (message[name] ??= []) as unknown[]
  list.push(value)
}

/** An entry of a map is a message of its key and its value. */
function addMember(message: JsonObject, name: string, type: string, bytes: Buffer): void {
  const members = (message[name] ??= {}) as JsonObject
  let key = ''
  let member: unknown = decodeValue(type, Buffer.alloc(0))
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1) key = String(value)
    else member = decodeValue(type, value)
  }
  members[key] = member
}

function decodeValue(type: string, value: bigint | Buffer): unknown {
  const bytes = typeof value === 'bigint' ? Buffer.alloc(0) : value
  switch (type) {
    case 's':
      return bytes.toString('utf8')
    case 'b':
      return value === 1n
    case 'i':
      return Number(value)
    case 'f':
      return bytes.length === 8 ? bytes.readDoubleLE() : 0
    case 'y':
      return bytes.toString('base64')
    case 'q':
      return textOf(bytes, 1)
    case 'x':
      return decodeIntOrString(bytes)
    case 'T':
      return decodeTime(bytes, (epochMs) => kubeTime(epochMs))
    case 'U':
      return decodeTime(bytes, (epochMs) => new Date(epochMs).toISOString().replace('Z', '000Z'))
    case 'E':
      return [...wireFields(bytes)].map((field) => String(field.value))
    case 'F':
      return JSON.parse(textOf(bytes, 1) || '{}')
    default:
      return decodeMessage(type, bytes)
  }
}

const textOf = (bytes: Buffer, number: number): string =>
  String([...wireFields(bytes)].find((field) => field.number === number)?.value ?? '')

/** Its fields are the type (0: integer, 1: text), the integer and the text. */
function decodeIntOrString(bytes: Buffer): number | string {
  const fields = new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]))
  return fields.get(1) === 1n ? String(fields.get(3) ?? '') : Number(fields.get(2) ?? 0)
}

/** Seconds and nanoseconds; a message without any is no time. */
function decodeTime(bytes: Buffer, write: (epochMs: number) => string): string | null {
  const fields = new Map([...wireFields(bytes)].map(({ number, value }) => [number, Number(value)]))
  const seconds = fields.get(1)
  return seconds === undefined ? null : write(seconds * 1000 + (fields.get(2) ?? 0) / 1e6)
}
