import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { Deployment } from '../kinds/deployment.ts'
import type { ReplicaSet } from '../kinds/replica-set.ts'
import type { StatefulSet } from '../kinds/stateful-set.ts'
import type { Route } from '../parse-route.ts'
import { refuse, refuseMissing } from '../answer.ts'
import { badRequest } from '../api-error.ts'
import { detailsOf } from '../details-of.ts'
import { formatLabelSelector } from '../label-selector-text.ts'
import { parseBody } from '../parse-body.ts'
import { applyPatch } from '../patch/apply-patch.ts'
import { asObject } from '../patch/json-object.ts'
import { versionConflict } from '../store-errors.ts'
import { describeInvalidSubject } from '../describe-invalid.ts'

type Scalable = Deployment | ReplicaSet | StatefulSet

/** GET, PUT and PATCH of `/scale`, an autoscaling/v1 Scale (k8s-mechanics 4.3). */
export function scaleObject(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const { resource } = route.kind
  const { namespace = '', name = '' } = route
  const current = context.store.get<Scalable>(resource, namespace, name)
  if (!current) return refuseMissing(route)
  if (request.method === 'GET') return { code: 200, body: scaleOf(current) }
  const parsed = parseBody(request)
  if (!parsed.ok) return refuse(parsed.error)
  const wanted =
    request.method === 'PUT'
      ? parsed
      : applyPatch(request.contentType, scaleOf(current), parsed.value)
  if (!wanted.ok) return refuse(wanted.error)
  return writeScale(context, route, request, current, wanted.value)
}

function writeScale(
  context: ApiContext,
  route: Route,
  request: ApiRequest,
  current: Scalable,
  wanted: unknown,
): Answer {
  const { resource } = route.kind
  const { namespace = '', name } = current.metadata
  const scale = asObject(wanted)
  if (!scale) return refuse(badRequest('the body must be a Scale'))
  const version = asObject(scale['metadata'])?.['resourceVersion'] ?? ''
  if (version !== '' && version !== current.metadata.resourceVersion) {
    return refuse(versionConflict(resource, name), detailsOf(route))
  }
  const replicas = Number(asObject(scale['spec'])?.['replicas'] ?? 0)
  if (!Number.isInteger(replicas) || replicas < 0) {
    const mistake = `spec.replicas: Invalid value: ${String(replicas)}: must be greater than or equal to 0`
    return refuse(describeInvalidSubject({ kind: 'Scale', group: 'autoscaling', name }, [mistake]))
  }
  if (request.query.get('dryRun') === 'All') {
    const preview = { ...current, spec: { ...current.spec, replicas } } as Scalable
    return { code: 200, body: scaleOf(preview) }
  }
  const written = context.store.change<Scalable>(resource, namespace, name, (draft) => {
    draft.spec.replicas = replicas
  })
  return written ? { code: 200, body: scaleOf(written) } : refuseMissing(route)
}

function scaleOf(object: Scalable) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: object.spec.replicas === 0 ? {} : { replicas: object.spec.replicas ?? 1 },
    status: {
      replicas: object.status?.replicas ?? 0,
      selector: formatLabelSelector(object.spec.selector),
    },
  }
}
