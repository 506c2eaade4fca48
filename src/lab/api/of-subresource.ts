import type { Subresource } from './resource-kinds.ts'

const kinds: Partial<Record<Subresource, { group: string; version: string; kind: string }>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
}

/** What a subresource takes and gives when that is not the object itself; undefined when it is. */
export const ofSubresource = (subresource: Subresource) => kinds[subresource]
