import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { Route } from '../parse-route.ts'
import type { KubeObject } from '../store.ts'
import type { RowObject } from '../tables/table.ts'
import { refuse, refuseMissing } from '../answer.ts'
import { parseFilter } from '../parse-filter.ts'
import { apiVersionOf } from '../resource-kinds.ts'
import { takePage } from '../take-page.ts'
import { partialMetadata, prefersPartial, prefersTable, tableOf } from '../tables/table.ts'

/** GET of one object, as itself, as its metadata alone or as a Table. */
export function getObject(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const object = context.store.get(route.kind.resource, route.namespace ?? '', route.name ?? '')
  if (!object) return refuseMissing(route)
  if (prefersPartial(request.accept)) return { code: 200, body: partialMetadata(object) }
  if (!prefersTable(request.accept)) return { code: 200, body: object }
  const { resourceVersion } = object.metadata
  return {
    code: 200,
    body: tableOf(route.kind.resource, [object], { resourceVersion }, rowObjectOf(request)),
  }
}

/** In a list the kind is said once, by the list. */
export function asListItem(object: KubeObject): object {
  return { ...object, kind: undefined, apiVersion: undefined }
}

/** GET of a collection: sorted by namespace and name, in pages of `limit`. */
export function listObjects(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const filter = parseFilter(route, request.query)
  if (!filter.ok) return refuse(filter.error)
  const { resource, kind } = route.kind
  const all = context.store.list(resource, route.namespace).filter(filter.value)
  const page = takePage(all, request.query, context.cache)
  if (!page.ok) return refuse(page.error)
  const { items, metadata } = page.value
  if (prefersTable(request.accept)) {
    return { code: 200, body: tableOf(resource, items, metadata, rowObjectOf(request)) }
  }
  if (prefersPartial(request.accept)) {
    const list = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' }
    return { code: 200, body: { ...list, metadata, items: items.map(partialMetadata) } }
  }
  const list = { kind: `${kind}List`, apiVersion: apiVersionOf(route.kind) }
  return { code: 200, body: { ...list, metadata, items: items.map(asListItem) } }
}

export function rowObjectOf(request: ApiRequest): RowObject {
  const asked = request.query.get('includeObject')
  return asked === 'Object' || asked === 'None' ? asked : 'Metadata'
}
