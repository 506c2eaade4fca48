import type { Result } from '../../../base/result.ts'
import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { ApiError } from '../api-error.ts'
import type { Route } from '../parse-route.ts'
import type { JsonObject } from '../patch/json-object.ts'
import type { KubeObject, Store } from '../store.ts'
import { fail, succeed } from '../../../base/result.ts'
import { findEscalation } from '../access/find-escalation.ts'
import { refuse } from '../answer.ts'
import { badRequest } from '../api-error.ts'
import { clientMetadata, withoutNulls } from '../client-object.ts'
import { decodeObject } from '../decode-object.ts'
import { detailsOf } from '../details-of.ts'
import { parseObjectBody } from '../parse-body.ts'
import { asObject } from '../patch/json-object.ts'
import { previewCreate } from '../preview-create.ts'
import { apiVersionOf } from '../resource-kinds.ts'

/** POST to a collection. */
export function createObject(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const parsed = parseObjectBody(request)
  if (!parsed.ok) return refuse(parsed.error)
  return createFrom(context, route, request, parsed.value)
}

/** Creates what a client sent, or with `dryRun=All` only shows what would be. */
export function createFrom(
  context: ApiContext,
  route: Route,
  request: ApiRequest,
  body: JsonObject,
): Answer {
  const { resource } = route.kind
  const decoded = decodeObject(request, route.kind, body)
  if (!decoded.ok) return refuse(decoded.error)
  const input = toNewObject(route, decoded.value.object)
  if (!input.ok) return refuse(input.error)
  const closed = refusalOfNamespace(context.store, route)
  if (closed) return refuse(closed, { name: route.namespace ?? '', kind: 'namespaces' })
  const escalation = findEscalation(context, route, request, input.value)
  if (escalation) return refuse(escalation)
  const created =
    request.query.get('dryRun') === 'All'
      ? previewCreate(context.store, resource, input.value)
      : context.store.create(resource, input.value)
  const { warnings } = decoded.value
  if (created.ok) return { code: 201, body: created.value, warnings }
  return refuse(created.error, detailsOf(route, input.value.metadata.name))
}

/** What the client sent, without what only the server sets. */
function toNewObject(route: Route, body: JsonObject): Result<KubeObject, ApiError> {
  const { kind } = route
  if ((body['kind'] ?? kind.kind) !== kind.kind) {
    const sent = String(body['kind'])
    return fail(
      badRequest(
        `${sent} in version "${kind.version}" cannot be handled as a ${kind.kind}: ` +
          `converting (${kind.version}.${sent}) to (core.${kind.kind}): unknown conversion`,
      ),
    )
  }
  const version = JSON.stringify(body['apiVersion'] ?? apiVersionOf(kind))
  if (version !== JSON.stringify(apiVersionOf(kind))) {
    return fail(
      badRequest(
        `the API version in the data (${version.replaceAll('"', '')}) does not match the expected API version (${apiVersionOf(kind)})`,
      ),
    )
  }
  const metadata = asObject(body['metadata']) ?? {}
  const namespace = metadata['namespace'] ?? route.namespace
  if (kind.namespaced && namespace !== route.namespace) {
    return fail(
      badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      ),
    )
  }
  const { status, ...rest } = body
  const keepsStatus = status !== undefined && !kind.subresources.includes('status')
  const object: unknown = {
    ...rest,
    ...(keepsStatus ? { status } : {}),
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { ...clientMetadata(body), ...(kind.namespaced ? { namespace } : {}) },
  }
  return succeed(withoutNulls(object) as KubeObject)
}

/** Nothing is created in a namespace that is not there or is going away. */
function refusalOfNamespace(store: Store, route: Route): ApiError | undefined {
  if (!route.kind.namespaced) return undefined
  const name = route.namespace ?? ''
  const namespace = store.get('namespaces', '', name)
  if (!namespace) return { reason: 'NotFound', message: `namespaces "${name}" not found` }
  if (namespace.metadata.deletionTimestamp === undefined) return undefined
  const message = `unable to create new content in namespace ${name} because it is being terminated`
  return { reason: 'Forbidden', message }
}
