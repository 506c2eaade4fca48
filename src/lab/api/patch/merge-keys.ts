import { asObject } from './json-object.ts'

/** Lists that merge item by item, and what identifies an item (k8s-mechanics 7.4). */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
  // A container's ports and a service's share the field name; the items tell them apart.
  ports: ['containerPort', 'port'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  conditions: ['type'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  ownerReferences: ['uid'],
}

/** Lists of plain values that merge as sets. */
export const setLists: ReadonlySet<string> = new Set(['finalizers'])

/** The merge key of a list, given its field name and its items; undefined when the list is replaced whole. */
export function mergeKeyOf(field: string, items: readonly unknown[]): string | undefined {
  const candidates = mergeKeys[field] ?? []
  return candidates.find((key) => items.some((item) => asObject(item)?.[key] !== undefined))
}
