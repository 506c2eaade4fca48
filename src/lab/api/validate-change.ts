import type { Pod } from './kinds/pod.ts'
import type { RoleBinding } from './kinds/rbac.ts'
import type { Service } from './kinds/service.ts'
import type { KubeObject, ResourceName } from './store.ts'
import { asObject } from './patch/json-object.ts'
import { draftOf, sameJson } from './snapshot.ts'
import { fillDefaults } from './fill-defaults.ts'

/** The mistakes of an update that touches what may never change, in Kubernetes' wording. */
export function validateChange(
  resource: ResourceName,
  current: KubeObject,
  next: KubeObject,
): string[] {
  switch (resource) {
    case 'deployments':
    case 'replicasets':
      return sameField(current, next, 'selector')
    case 'jobs':
      return [
        ...sameField(current, next, 'selector'),
        ...sameField(current, next, 'template'),
        ...sameField(current, next, 'completions'),
        ...sameField(current, next, 'completionMode'),
      ]
    case 'services':
      return sameAddress(current as Service, next as Service)
    case 'configmaps':
      return sameConfig(current, next)
    case 'rolebindings':
    case 'clusterrolebindings':
      return sameRole(current as RoleBinding, next as RoleBinding)
    case 'pods':
      return samePodSpec(current as Pod, next as Pod)
    default:
      return []
  }
}

function sameRole(current: RoleBinding, next: RoleBinding): string[] {
  if (sameJson(current.roleRef, next.roleRef)) return []
  return [`roleRef: Invalid value: ${JSON.stringify(next.roleRef)}: cannot change roleRef`]
}

function sameField(current: KubeObject, next: KubeObject, field: string): string[] {
  const value = asObject(next.spec)?.[field]
  if (sameJson(asObject(current.spec)?.[field], value)) return []
  return [`spec.${field}: Invalid value: ${JSON.stringify(value)}: field is immutable`]
}

function sameAddress(current: Service, next: Service): string[] {
  const { clusterIP } = next.spec
  if (!current.spec.clusterIP || clusterIP === current.spec.clusterIP) return []
  return [
    `spec.clusterIPs[0]: Invalid value: ${JSON.stringify([clusterIP])}: may not change once set`,
  ]
}

function sameConfig(current: KubeObject, next: KubeObject): string[] {
  const before = new Map<string, unknown>(Object.entries(current))
  const after = new Map<string, unknown>(Object.entries(next))
  if (before.get('immutable') !== true) return []
  return ['immutable', 'data', 'binaryData']
    .filter((field) => !sameJson(before.get(field), after.get(field)))
    .map((field) => `${field}: Forbidden: field is immutable when \`immutable\` is set`)
}

function samePodSpec(current: Pod, next: Pod): string[] {
  for (const field of ['containers', 'initContainers'] as const) {
    if ((current.spec[field] ?? []).length !== (next.spec[field] ?? []).length) {
      return [`spec.${field}: Forbidden: pod updates may not add or remove containers`]
    }
  }
  const candidate = draftOf(next)
  fillDefaults('pods', candidate)
  if (sameJson(fixedPart(current), fixedPart(candidate))) return []
  return [
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,' +
      '`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing ' +
      'tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  ]
}

function fixedPart(pod: Pod): unknown {
  const spec: Record<string, unknown> = { ...pod.spec }
  delete spec['activeDeadlineSeconds']
  delete spec['tolerations']
  const withoutImage = (containers: Pod['spec']['containers'] = []) =>
    containers.map((container) => ({ ...container, image: '' }))
  const { containers, initContainers } = pod.spec
  return {
    ...spec,
    containers: withoutImage(containers),
    initContainers: withoutImage(initContainers),
  }
}
