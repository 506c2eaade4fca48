import type { Result } from '../../base/result.ts'
import type { ApiError } from './api-error.ts'
import type { Route } from './parse-route.ts'
import type { KubeObject } from './store.ts'
import { succeed } from '../../base/result.ts'
import { parseLabelSelector } from './label-selector-text.ts'
import { matchesSelector } from './matches-selector.ts'
import { parseFieldSelector } from './parse-field-selector.ts'

export type Filter = (object: KubeObject) => boolean

/** The objects that a list or watch asks for: namespace, name, labelSelector and fieldSelector together. */
export function parseFilter(route: Route, query: URLSearchParams): Result<Filter, ApiError> {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '')
  if (!labels.ok) return labels
  const fields = parseFieldSelector(route.kind.resource, query.get('fieldSelector') ?? '')
  if (!fields.ok) return fields
  const { namespace, name } = route
  return succeed(
    (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (name === undefined || object.metadata.name === name) &&
      matchesSelector(labels.value, object.metadata.labels) &&
      fields.value(object),
  )
}
