import type { Result } from '../../base/result.ts'
import type { ApiError } from './api-error.ts'
import type { KubeObject, ResourceName } from './store.ts'
import { fail, succeed } from '../../base/result.ts'
import { badRequest } from './api-error.ts'

const ALWAYS = ['metadata.name', 'metadata.namespace']

const fieldsOf: Partial<Record<ResourceName, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  services: ['spec.clusterIP', 'spec.type'],
  replicasets: ['status.replicas'],
}

/** The text of a `fieldSelector` query as a test of objects; only the fields that Kubernetes knows (k8s-mechanics 7.3). */
export function parseFieldSelector(
  resource: ResourceName,
  text: string,
): Result<(object: KubeObject) => boolean, ApiError> {
  const known = [...ALWAYS, ...(fieldsOf[resource] ?? [])]
  const tests: ((object: KubeObject) => boolean)[] = []
  for (const part of text.split(',').filter(Boolean)) {
    const [, field = '', operator, value = ''] = /^([^!=]+)(==|!=|=)(.*)$/.exec(part) ?? []
    if (!operator) {
      return fail(badRequest(`invalid selector: '${part}'; can't understand '${part}'`))
    }
    if (!known.includes(field)) {
      const message = fieldsOf[resource]
        ? `field label not supported: ${field}`
        : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
      return fail(badRequest(message))
    }
    const wanted = operator !== '!='
    tests.push((object) => (fieldText(object, field) === value) === wanted)
  }
  return succeed((object) => tests.every((test) => test(object)))
}

function fieldText(object: KubeObject, field: string): string {
  if (field === 'source') return fieldText(object, 'source.component')
  let value: unknown = object
  for (const key of field.split('.')) {
    if (typeof value !== 'object' || value === null) return ''
    value = (value as Record<string, unknown>)[key]
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}
