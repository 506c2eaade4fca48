import type { ApiRequest } from './api-context.ts'
import { isTrue } from './api-context.ts'
import { parseRoute } from './parse-route.ts'
import { asObject } from './patch/json-object.ts'

/** The verbs of Kubernetes' authorizer. */
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

/** A request as the authorizer sees it; undefined members are absent from the URL. */
export interface ApiCall {
  readonly verb: ApiVerb
  readonly group: string
  /** With its subresource: `pods`, `pods/log`, `deployments/scale`. */
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
}

/** What a request asks for; undefined when it is about no object: discovery, version, unknown paths. */
export function apiCallOf(request: ApiRequest): ApiCall | undefined {
  const route = parseRoute(request.path)
  const verb = route && verbOf(request, route.name !== undefined)
  if (!route || !verb) return undefined
  const { kind, namespace, name, subresource } = route
  return {
    verb,
    group: kind.group,
    resource: subresource === undefined ? kind.resource : `${kind.resource}/${subresource}`,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  }
}

function verbOf({ method, query }: ApiRequest, named: boolean): ApiVerb | undefined {
  switch (method) {
    case 'GET':
      if (isTrue(query, 'watch')) return 'watch'
      return named ? 'get' : 'list'
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
