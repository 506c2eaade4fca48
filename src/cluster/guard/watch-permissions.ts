import type { WorkloadRef } from '../../scenario/scenario.ts'
import { WORKLOAD_RESOURCES } from '../restore/object-ref.ts'
import type { Permission } from './required-permissions.ts'

/** Every verb that `podtank watch` uses, of a workload or (none) of a whole namespace: get, list and watch alone. */
export function watchPermissions(
  ref: WorkloadRef | undefined,
  namespace: string,
): readonly Permission[] {
  const why = 'watch'
  const seen = (group: string, resource: string): Permission[] =>
    ['list', 'watch'].map((verb) => ({ group, resource, verb, namespace, why }))
  const ofAll = [
    ...seen('', 'pods'),
    ...seen('', 'events'),
    ...seen('discovery.k8s.io', 'endpointslices'),
  ]
  if (!ref) return ofAll
  const resource = WORKLOAD_RESOURCES[ref.kind]
  return [
    ...ofAll,
    { group: 'apps', resource, verb: 'get', name: ref.name, namespace, why },
    ...seen('apps', resource),
    ...(ref.kind === 'deployment' ? seen('apps', 'replicasets') : []),
  ]
}
