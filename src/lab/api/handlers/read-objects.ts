import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { Route } from '../parse-route.ts'
import type { RowObject } from '../tables/table.ts'
import { refuse, refuseMissing } from '../answer.ts'
import { parseFilter } from '../parse-filter.ts'
import { apiVersionOf } from '../resource-kinds.ts'
import { prefersTable, tableOf } from '../tables/table.ts'

/** GET of one object, as itself or as a Table. */
export function getObject(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const object = context.store.get(route.kind.resource, route.namespace ?? '', route.name ?? '')
  if (!object) return refuseMissing(route)
  if (!prefersTable(request.accept)) return { code: 200, body: object }
  const { resourceVersion } = object.metadata
  return {
    code: 200,
    body: tableOf(route.kind.resource, [object], resourceVersion, rowObjectOf(request)),
  }
}

/** GET of a collection. `limit` is allowed to give everything, and does. */
export function listObjects(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const filter = parseFilter(route, request.query)
  if (!filter.ok) return refuse(filter.error)
  const { resource, kind } = route.kind
  const items = context.store.list(resource, route.namespace).filter(filter.value)
  const resourceVersion = String(context.cache.version())
  if (prefersTable(request.accept)) {
    return { code: 200, body: tableOf(resource, items, resourceVersion, rowObjectOf(request)) }
  }
  const list = { kind: `${kind}List`, apiVersion: apiVersionOf(route.kind) }
  return { code: 200, body: { ...list, metadata: { resourceVersion }, items } }
}

export function rowObjectOf(request: ApiRequest): RowObject {
  const asked = request.query.get('includeObject')
  return asked === 'Object' || asked === 'None' ? asked : 'Metadata'
}
