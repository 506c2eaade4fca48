import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { JsonObject } from '../patch/json-object.ts'
import type { AccessAttributes } from './access-attributes.ts'
import type { ReviewKind } from './review-kinds.ts'
import type { User } from './user.ts'
import { refuse } from '../answer.ts'
import { apiCallOf } from '../api-call.ts'
import { withoutNulls } from '../client-object.ts'
import { describeInvalidSubject } from '../describe-invalid.ts'
import { kubeTime } from '../kube-time.ts'
import { parseObjectBody } from '../parse-body.ts'
import { asObject } from '../patch/json-object.ts'
import { administrator } from './user.ts'
import { reviewKinds } from './review-kinds.ts'
import { reviewRules } from './review-rules.ts'

/** Answers the POST of an access review; undefined when a request is none. */
export function answerReview(context: ApiContext, request: ApiRequest): Answer | undefined {
  const call = apiCallOf(request)
  const kind = reviewKinds.find(
    ({ group, resource }) => group === call?.group && resource === call.resource,
  )
  if (!kind || request.method !== 'POST') return undefined
  const parsed = parseObjectBody(request)
  if (!parsed.ok) return refuse(parsed.error)
  const user = request.user ?? administrator
  const spec = asObject(withoutNulls(parsed.value)['spec']) ?? {}
  switch (kind.resource) {
    case 'selfsubjectreviews':
      return created(kind, { creationTimestamp: kubeTime() }, undefined, {
        userInfo: { username: user.name, ...withoutName(user) },
      })
    case 'selfsubjectrulesreviews':
      return created(kind, {}, {}, reviewRules(context.access, user, textIn(spec, 'namespace')))
    case 'selfsubjectaccessreviews':
      return reviewAccess(context, kind, spec, user)
    default:
      return reviewAccess(context, kind, spec, subjectOf(spec))
  }
}

const created = (
  { kind, group, version }: ReviewKind,
  metadata: object,
  spec: object | undefined,
  status: object,
): Answer => ({
  code: 201,
  body: { kind, apiVersion: `${group}/${version}`, metadata, ...(spec ? { spec } : {}), status },
})

function withoutName({ uid, groups, extra }: User): object {
  return { ...(uid === undefined ? {} : { uid }), groups, ...(extra ? { extra } : {}) }
}

function reviewAccess(
  { access }: ApiContext,
  kind: ReviewKind,
  spec: JsonObject,
  user: User | undefined,
): Answer {
  const asked = askedIn(spec)
  const mistakes = [
    ...(asked
      ? []
      : [
          'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
        ]),
    ...(user
      ? []
      : ['spec.user: Invalid value: "": at least one of user or group must be specified']),
  ]
  if (!asked || !user) {
    return refuse(describeInvalidSubject({ kind: '', group: kind.group, name: '' }, mistakes))
  }
  const { allowed, reason } = access.decide(user, asked)
  return created(kind, {}, spec, { allowed, ...(reason === '' ? {} : { reason }) })
}

function subjectOf(spec: JsonObject): User | undefined {
  const name = textIn(spec, 'user')
  const groups = Array.isArray(spec['groups']) ? spec['groups'].map(String) : []
  return name === '' && groups.length === 0 ? undefined : { name, groups }
}

function askedIn(spec: JsonObject): AccessAttributes | undefined {
  const resource = asObject(spec['resourceAttributes'])
  const path = asObject(spec['nonResourceAttributes'])
  if ((resource === undefined) === (path === undefined)) return undefined
  if (path) return { verb: textIn(path, 'verb'), path: textIn(path, 'path') }
  const attributes = resource ?? {}
  const subresource = textIn(attributes, 'subresource')
  const name = textIn(attributes, 'name')
  const namespace = textIn(attributes, 'namespace')
  return {
    verb: textIn(attributes, 'verb'),
    group: textIn(attributes, 'group'),
    resource: textIn(attributes, 'resource') + (subresource === '' ? '' : `/${subresource}`),
    ...(namespace === '' ? {} : { namespace }),
    ...(name === '' ? {} : { name }),
  }
}

function textIn(members: JsonObject, key: string): string {
  const value = members[key]
  return typeof value === 'string' ? value : ''
}
