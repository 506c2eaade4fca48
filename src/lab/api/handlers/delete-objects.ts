import type { Result } from '../../../base/result.ts'
import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { ApiError } from '../api-error.ts'
import type { Route } from '../parse-route.ts'
import type { KubeObject, StoreError } from '../store.ts'
import type { DeleteOptions } from '../parse-delete-options.ts'
import { fail } from '../../../base/result.ts'
import { refuse, refuseMissing } from '../answer.ts'
import { successStatus } from '../api-error.ts'
import { detailsOf } from '../details-of.ts'
import { parseDeleteOptions } from '../parse-delete-options.ts'
import { parseFilter } from '../parse-filter.ts'
import { asListItem } from './read-objects.ts'
import { apiVersionOf } from '../resource-kinds.ts'
import { notFound } from '../store-errors.ts'

const ANSWERED_WITH_OBJECT = new Set(['pods', 'services', 'serviceaccounts'])
const PERMANENT_NAMESPACES = new Set(['default', 'kube-system'])

/** DELETE of one object; pods and services come back themselves, others as a Status (k8s-mechanics 1.1). */
export function deleteObject(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const { kind, namespace = '', name = '' } = route
  const options = parseDeleteOptions(request)
  if (!options.ok) return refuse(options.error)
  const current = context.store.get(kind.resource, namespace, name)
  if (!current) return refuseMissing(route)
  const forbidden = refusal(route, current, options.value)
  if (forbidden) return refuse(forbidden, detailsOf(route))
  const withObject = ANSWERED_WITH_OBJECT.has(kind.resource)
  const status = successStatus({ ...detailsOf(route), uid: current.metadata.uid })
  if (options.value.dryRun) return { code: 200, body: withObject ? current : status }
  const deleted = deleteOne(context, route, current, options.value)
  if (!deleted.ok) return refuse(deleted.error, detailsOf(route))
  const stays = context.store.get(kind.resource, namespace, name) !== undefined
  return { code: 200, body: withObject || stays ? deleted.value : status }
}

/** DELETE of a collection, or of what a selector matches. */
export function deleteCollection(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const options = parseDeleteOptions(request)
  if (!options.ok) return refuse(options.error)
  const filter = parseFilter(route, request.query)
  if (!filter.ok) return refuse(filter.error)
  const { kind, namespace } = route
  const items = context.store.list(kind.resource, namespace).filter(filter.value)
  if (!options.value.dryRun) {
    for (const item of items) deleteOne(context, route, item, options.value)
  }
  const resourceVersion = String(context.cache.version())
  const list = { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind) }
  return {
    code: 200,
    body: { ...list, metadata: { resourceVersion }, items: items.map(asListItem) },
  }
}

function deleteOne(
  context: ApiContext,
  { kind }: Route,
  object: KubeObject,
  options: DeleteOptions,
): Result<KubeObject, StoreError> {
  const { namespace = '', name, uid } = object.metadata
  const finalizer = kind.resource === 'namespaces' ? 'kubernetes' : options.finalizer
  if (finalizer) {
    context.store.change(kind.resource, namespace, name, (draft) => {
      draft.metadata.finalizers = [...new Set([...(draft.metadata.finalizers ?? []), finalizer])]
      if (kind.resource === 'namespaces') draft.status = { phase: 'Terminating' }
    })
  }
  if (!context.store.get(kind.resource, namespace, name)) return fail(notFound(kind.resource, name))
  const { gracePeriodSeconds } = options
  return context.store.remove(kind.resource, namespace, name, {
    uid,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
  })
}

function refusal(route: Route, current: KubeObject, options: DeleteOptions): ApiError | undefined {
  const { name, uid, resourceVersion } = current.metadata
  if (route.kind.resource === 'namespaces' && PERMANENT_NAMESPACES.has(name)) {
    return {
      reason: 'Forbidden',
      message: `namespaces "${name}" is forbidden: this namespace may not be deleted`,
    }
  }
  if (options.uid !== undefined && options.uid !== uid) {
    return preconditionFailed(route.kind.kind, name, [
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}).`,
      'The object might have been deleted and then recreated',
    ])
  }
  const wanted = options.resourceVersion
  if (wanted === undefined || wanted === resourceVersion) return undefined
  return preconditionFailed(route.kind.kind, name, [
    `the ResourceVersion in the precondition (${wanted}) does not match the ResourceVersion in record (${resourceVersion}).`,
    'The object might have been modified',
  ])
}

const preconditionFailed = (kind: string, name: string, sentences: string[]): ApiError => ({
  reason: 'Conflict',
  message: `Operation cannot be fulfilled on ${kind} "${name}": ${sentences.join(' ')}`,
  details: { name, kind },
})
