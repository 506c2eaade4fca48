import { parse } from 'yaml'
import type { Result } from '../../base/result.ts'
import type { ApiRequest } from './api-context.ts'
import type { ApiError } from './api-error.ts'
import type { JsonObject } from './patch/json-object.ts'
import { fail, succeed } from '../../base/result.ts'
import { badRequest } from './api-error.ts'
import { decodeEnvelope } from './protobuf/decode-envelope.ts'
import { asObject } from './patch/json-object.ts'

const PROTOBUF = 'application/vnd.kubernetes.protobuf'

/** The body from JSON, YAML or protobuf, which kubectl sends since 1.32 (k8s-mechanics 7.4). */
export function parseBody(request: ApiRequest): Result<unknown, ApiError> {
  const { contentType, body } = request
  if (contentType === PROTOBUF) return decodeEnvelope(body)
  if (contentType.includes('protobuf') || contentType.includes('cbor')) {
    return fail({
      reason: 'UnsupportedMediaType',
      message: `the lab does not read ${contentType}; send JSON`,
    })
  }
  if (request.method !== 'PATCH' && !/^application\/(json|yaml)$/.test(contentType)) {
    return fail({
      reason: 'UnsupportedMediaType',
      message:
        'the body of the request was in an unknown format - accepted media types include: ' +
        'application/json, application/yaml, application/vnd.kubernetes.protobuf',
    })
  }
  const text = body.toString('utf8')
  try {
    return succeed(
      contentType.includes('yaml') ? parse(text, { maxAliasCount: 0 }) : JSON.parse(text),
    )
  } catch (error) {
    return fail(badRequest(`the body could not be read: ${String(error)}`))
  }
}

/** The body, which must be an object. `kind` names in an error what was expected. */
export function parseObjectBody(request: ApiRequest, kind?: string): Result<JsonObject, ApiError> {
  const parsed = parseBody(request)
  const isJson = request.contentType.endsWith('json')
  if (!parsed.ok) {
    const isCut = parsed.error.reason === 'BadRequest' && endsEarly(request)
    return isCut && isJson && kind !== undefined
      ? fail(unrecognized(request, kind, 'unexpected end of JSON input'))
      : parsed
  }
  const members = asObject(parsed.value)
  if (members) return succeed(members)
  if (!isJson || kind === undefined) return fail(badRequest('the body must be an object'))
  return fail(
    unrecognized(request, kind, `json: cannot unmarshal ${typeWord(parsed.value)} ${INTO}`),
  )
}

const INTO =
  'into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

function unrecognized({ body }: ApiRequest, kind: string, why: string): ApiError {
  const text = body.toString('utf8')
  const isText = text.startsWith('{')
  const shown = text === '' ? '<empty>' : isText ? text : body.toString('hex')
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ` +
      `${why} (${shown})`,
  )
}

/** JSON that is well as far as it goes. */
function endsEarly({ body }: ApiRequest): boolean {
  const text = body.toString('utf8').trim()
  return text === '' || /[,:{[]$/.test(text)
}

const typeWord = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
