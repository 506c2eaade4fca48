import type { Result } from '../../../base/result.ts'
import type { ApiError } from '../api-error.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { fail, succeed } from '../../../base/result.ts'
import { badRequest } from '../api-error.ts'
import { decodeMessage } from './decode-message.ts'
import { messageFields } from './message-fields.ts'
import { wireFields } from './wire.ts'

const MAGIC = Buffer.from('k8s\0')

/** An `application/vnd.kubernetes.protobuf` body as the JSON that says the same. Errors: 400, 415 for a kind that the lab cannot read so. */
export function decodeEnvelope(body: Buffer): Result<JsonObject, ApiError> {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    return fail(
      badRequest(
        'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
      ),
    )
  }
  try {
    const [typeMeta, raw] = takeFields(body.subarray(MAGIC.length))
    const [apiVersion, kind] = takeFields(typeMeta).map(String)
    if (kind === undefined || messageFields[kind] === undefined) {
      const message = `the lab does not read a ${String(kind)} as protobuf; send JSON`
      return fail({ reason: 'UnsupportedMediaType', message })
    }
    return succeed({ apiVersion, kind, ...decodeMessage(kind, raw) })
  } catch (error) {
    if (error instanceof RangeError) return fail(badRequest(`proto: ${error.message}`))
    throw error
  }
}

/** The fields 1 and 2 of a message, which hold bytes. */
function takeFields(bytes: Buffer): [Buffer, Buffer] {
  const fields = new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]))
  const take = (number: number): Buffer => {
    const value = fields.get(number)
    return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
  }
  return [take(1), take(2)]
}
