import type { ApiRequest } from './api-context.ts'
import type { PathAttributes, ResourceAttributes } from './access/access-attributes.ts'
import { isTrue } from './api-context.ts'
import { asObject } from './patch/json-object.ts'

/** The verbs of Kubernetes' authorizer for objects. */
export const API_VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
] as const
export type ApiVerb = (typeof API_VERBS)[number]

/** A request about objects as the authorizer sees it, whether the lab knows the resource or not. */
export interface ApiCall extends ResourceAttributes {
  readonly verb: ApiVerb
}

/** What a request asks for; undefined when it is about no object: discovery, version, other paths. */
export function apiCallOf(request: ApiRequest): ApiCall | undefined {
  const segments = request.path.split('/').filter(Boolean).map(decode)
  const prefixLength = { api: 2, apis: 3 }[segments[0] ?? '']
  if (prefixLength === undefined || segments.length <= prefixLength) return undefined
  const place = placeOf(segments.slice(prefixLength))
  const name = place.name ?? nameInSelector(request)
  const verb = verbOf(request, place.name !== undefined)
  if (!verb) return undefined
  return {
    verb,
    group: prefixLength === 3 ? (segments[1] ?? '') : '',
    resource: place.resource,
    ...(place.namespace === undefined ? {} : { namespace: place.namespace }),
    ...(name === undefined ? {} : { name }),
  }
}

/** A request that is about no object. */
export const pathCallOf = ({ method, path }: ApiRequest): PathAttributes => ({
  verb: method.toLowerCase(),
  path,
})

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** A Namespace lies in itself, as the authorizer sees it. */
function placeOf(segments: readonly string[]): {
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
} {
  const [first = '', second, third, ...rest] = segments
  const ofNamespace = third === undefined || third === 'status' || third === 'finalize'
  const inNamespace = first === 'namespaces' && second !== undefined
  const [resource, name, subresource] =
    inNamespace && !ofNamespace ? [third, ...rest] : [first, second, third]
  return {
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    ...(inNamespace ? { namespace: second } : {}),
    ...(name === undefined ? {} : { name }),
  }
}

function verbOf({ method, query }: ApiRequest, named: boolean): ApiVerb | undefined {
  switch (method) {
    case 'GET':
      if (named) return 'get'
      return isTrue(query, 'watch') ? 'watch' : 'list'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return named ? 'delete' : 'deletecollection'
    default:
      return undefined
  }
}

/** A list or watch of one object by `fieldSelector=metadata.name=…` is allowed to who may read that object. */
function nameInSelector({ method, query }: ApiRequest): string | undefined {
  const selector = method === 'GET' ? (query.get('fieldSelector') ?? '') : ''
  return /(?:^|,)metadata\.name==?([^,]+)/.exec(selector)?.[1]
}

/** The name of the object that a request creates, as far as its JSON body says; the URL of a POST has none. */
export function nameInBody({ body, contentType }: ApiRequest): string | undefined {
  if (!contentType.includes('json') || body.length === 0) return undefined
  try {
    const name = asObject(asObject(JSON.parse(body.toString('utf8')))?.['metadata'])?.['name']
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}
