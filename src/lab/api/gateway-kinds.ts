import type { ResourceKind } from './resource-kinds.ts'

const gateway = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  namespaced: true,
  inAll: false,
  subresources: ['status'] as const,
  generationOf: ['spec'],
}

/** Gateway API's standard channel as far as HTTP goes; a cluster has them as custom resources. */
export const gatewayKinds: readonly ResourceKind[] = [
  {
    ...gateway,
    resource: 'gatewayclasses',
    kind: 'GatewayClass',
    singular: 'gatewayclass',
    shortNames: ['gc'],
    namespaced: false,
  },
  {
    ...gateway,
    resource: 'gateways',
    kind: 'Gateway',
    singular: 'gateway',
    shortNames: ['gtw'],
  },
  { ...gateway, resource: 'httproutes', kind: 'HTTPRoute', singular: 'httproute', shortNames: [] },
]
