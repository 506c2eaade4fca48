import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { Route } from '../parse-route.ts'
import { refuse, refuseMissing } from '../answer.ts'
import { describeInvalidSubject } from '../describe-invalid.ts'
import { kubeTime } from '../kube-time.ts'
import { parseObjectBody } from '../parse-body.ts'
import { asObject } from '../patch/json-object.ts'
import { API_AUDIENCE } from './service-account-tokens.ts'

const DEFAULT_LIFE_SECONDS = 3600
const LEAST_LIFE_SECONDS = 600

/** POST of `serviceaccounts/…/token`: a TokenRequest, as `kubectl create token` sends it. */
export function createToken(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const { namespace = '', name = '' } = route
  const account = context.store.get('serviceaccounts', namespace, name)
  if (!account) return refuseMissing(route)
  const parsed = parseObjectBody(request)
  if (!parsed.ok) return refuse(parsed.error)
  const spec = asObject(parsed.value['spec']) ?? {}
  const lifeSeconds = Number(spec['expirationSeconds'] ?? DEFAULT_LIFE_SECONDS)
  if (!(lifeSeconds >= LEAST_LIFE_SECONDS)) {
    const mistake = `spec.expirationSeconds: Invalid value: ${String(lifeSeconds)}: may not specify a duration less than 10 minutes`
    const kind = { kind: 'TokenRequest', group: 'authentication.k8s.io', name: '' }
    return refuse(describeInvalidSubject(kind, [mistake]))
  }
  const asked = Array.isArray(spec['audiences']) ? spec['audiences'].map(String) : []
  const audiences = asked.length > 0 ? asked : [API_AUDIENCE]
  return {
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: kubeTime() },
      spec: { audiences, expirationSeconds: lifeSeconds, boundObjectRef: null },
      status: {
        token: context.access.tokens.issue(account, lifeSeconds, audiences),
        expirationTimestamp: kubeTime(Date.now() + lifeSeconds * 1000),
      },
    },
  }
}
