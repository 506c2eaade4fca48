import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { Route } from '../parse-route.ts'
import type { JsonObject } from '../patch/json-object.ts'
import type { KubeObject } from '../store.ts'
import { findEscalation } from '../access/find-escalation.ts'
import { refuse, refuseMissing } from '../answer.ts'
import { badRequest } from '../api-error.ts'
import { carryOver } from '../carry-over.ts'
import { decodeObject } from '../decode-object.ts'
import { detailsOf } from '../details-of.ts'
import { fillDefaults } from '../fill-defaults.ts'
import { parseBody, parseObjectBody } from '../parse-body.ts'
import { APPLY_PATCH, applyPatch } from '../patch/apply-patch.ts'
import { asObject } from '../patch/json-object.ts'
import { versionConflict } from '../store-errors.ts'
import { validateChange } from '../validate-change.ts'
import { describeInvalid } from '../describe-invalid.ts'
import { validateObject } from '../validate-object.ts'
import { createFrom } from './create-object.ts'

/** PUT of an object or of its status. */
export function replaceObject(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const current = currentObject(context, route)
  if (!current) return refuseMissing(route)
  const parsed = parseObjectBody(request)
  if (!parsed.ok) return refuse(parsed.error)
  return writeUpdate(context, route, request, current, parsed.value)
}

/** PATCH of an object or of its status, of any of the four kinds; an apply-patch creates what is not there. */
export function patchObject(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const current = currentObject(context, route)
  const applies = request.contentType === APPLY_PATCH
  if (!current && !applies) return refuseMissing(route)
  const patch = parseBody(request)
  if (!patch.ok) return refuse(patch.error)
  if (!current) {
    const body = asObject(patch.value)
    return body
      ? createFrom(context, route, request, body)
      : refuse(badRequest('the patch must be an object'))
  }
  const patched = applyPatch(request.contentType, current, patch.value)
  if (!patched.ok) return refuse(patched.error)
  const wanted = asObject(patched.value)
  if (!wanted) return refuse(badRequest('the patch does not leave an object'))
  return writeUpdate(context, route, request, current, wanted)
}

const currentObject = (context: ApiContext, { kind, namespace, name }: Route) =>
  context.store.get(kind.resource, namespace ?? '', name ?? '')

function writeUpdate(
  context: ApiContext,
  route: Route,
  request: ApiRequest,
  current: KubeObject,
  wanted: JsonObject,
): Answer {
  const { resource } = route.kind
  const { name, namespace = '' } = current.metadata
  const metadata = asObject(wanted['metadata']) ?? {}
  if ((metadata['name'] ?? name) !== name) {
    const sent = String(metadata['name'])
    return refuse(
      badRequest(`the name of the object (${sent}) does not match the name on the URL (${name})`),
    )
  }
  if (isStale(metadata, current)) {
    return refuse(versionConflict(resource, name), detailsOf(route))
  }
  const decoded = decodeObject(request, route.kind, wanted, current)
  if (!decoded.ok) return refuse(decoded.error)
  const { warnings, object } = decoded.value
  const next = carryOver(route, current, object)
  const mistakes = validateObject(resource, next)
  if (mistakes.length === 0) mistakes.push(...validateChange(resource, current, next))
  if (mistakes.length > 0)
    return refuse(describeInvalid(resource, name, mistakes), detailsOf(route))
  const escalation = findEscalation(context, route, request, next)
  if (escalation) return refuse(escalation)
  if (request.query.get('dryRun') === 'All') {
    fillDefaults(resource, next)
    return { code: 200, body: next, warnings }
  }
  const written = context.store.change(resource, namespace, name, (draft) => {
    replaceMembers(draft, next)
  })
  return written ? { code: 200, body: written, warnings } : refuseMissing(route)
}

/** The client read another version, or another object of the same name. */
function isStale(metadata: JsonObject, current: KubeObject): boolean {
  const { resourceVersion, uid } = current.metadata
  const version = metadata['resourceVersion']
  const otherVersion = version !== undefined && version !== '' && version !== resourceVersion
  return otherVersion || (metadata['uid'] ?? uid) !== uid
}

function replaceMembers(draft: KubeObject, next: KubeObject): void {
  for (const key of Object.keys(draft)) Reflect.deleteProperty(draft, key)
  Object.assign(draft, next)
}
