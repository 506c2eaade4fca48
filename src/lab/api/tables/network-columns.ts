import type { EndpointSlice } from '../kinds/endpoint-slice.ts'
import type { IngressClass } from '../kinds/ingress-class.ts'
import type { Ingress } from '../kinds/ingress.ts'
import type { Service } from '../kinds/service.ts'
import type { Column } from './column.ts'
import { ageColumn, nameColumn, text, wide } from './column.ts'

const orNone = (list: string): string => (list === '' ? '<none>' : list)

const joinOrNone = (parts: readonly string[]): string => orNone(parts.join())

/** The columns of `kubectl get services`. */
export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  text('Type', ({ spec }) => spec.type ?? 'ClusterIP'),
  text('Cluster-IP', ({ spec }) => spec.clusterIP ?? '<none>'),
  text('External-IP', ({ spec }) => joinOrNone(spec.externalIPs ?? [])),
  text('Port(s)', servicePorts),
  ageColumn,
  wide(
    text('Selector', ({ spec }) =>
      joinOrNone(Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`)),
    ),
  ),
]

function servicePorts({ spec }: Service): string {
  return joinOrNone(
    (spec.ports ?? []).map(({ port, nodePort, protocol = 'TCP' }) => {
      const published = nodePort ? `:${String(nodePort)}` : ''
      return `${String(port)}${published}/${protocol}`
    }),
  )
}

/** The columns of `kubectl get endpointslices`. */
export const endpointSliceColumns: readonly Column<EndpointSlice>[] = [
  nameColumn,
  text('AddressType', (slice) => slice.addressType),
  text('Ports', (slice) =>
    shortList(
      slice.ports.map(({ port }) => String(port)),
      '<unset>',
    ),
  ),
  text('Endpoints', (slice) =>
    shortList(
      slice.endpoints.flatMap(({ addresses }) => addresses),
      '<unset>',
    ),
  ),
  ageColumn,
]

function shortList(items: readonly string[], none: string): string {
  if (items.length === 0) return none
  const shown = items.slice(0, 3).join()
  return items.length > 3 ? `${shown} + ${String(items.length - 3)} more...` : shown
}

/** The columns of `kubectl get ingresses`. */
export const ingressColumns: readonly Column<Ingress>[] = [
  nameColumn,
  text('Class', ({ spec }) => spec.ingressClassName ?? '<none>'),
  text('Hosts', ({ spec }) =>
    (spec.rules ?? []).length === 0
      ? '*'
      : (spec.rules ?? []).map((rule) => rule.host ?? '*').join(),
  ),
  text('Address', ({ status }) =>
    (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '').join(),
  ),
  text('Ports', ({ spec }) => ((spec.tls ?? []).length > 0 ? '80, 443' : '80')),
  ageColumn,
]

/** The columns of `kubectl get ingressclasses`. */
export const ingressClassColumns: readonly Column<IngressClass>[] = [
  nameColumn,
  text('Controller', ({ spec }) => spec.controller),
  text('Parameters', () => '<none>'),
  ageColumn,
]
