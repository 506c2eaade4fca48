import type { GatewayClass } from '../../api/kinds/gateway.ts'
import type { Store } from '../../api/store.ts'
import { UNSTORED } from '../../api/unstored.ts'
import { envoy } from '../ingress/profiles/envoy.ts'
import { traefik } from '../ingress/profiles/traefik.ts'
import type { IngressProfile } from '../ingress/profile.ts'
import { condition } from './condition.ts'

/** A GatewayClass with its controller, and how its proxy behaves. */
interface LabGatewayClass {
  readonly controllerName: string
  readonly profile: IngressProfile
}

/** Traefik takes only Ready endpoints here, other than for Ingresses (k8s-mechanics 3.5). */
const CLASSES: Readonly<Record<string, LabGatewayClass>> = {
  envoy: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller', profile: envoy },
  traefik: {
    controllerName: 'traefik.io/gateway-controller',
    profile: { ...traefik, takes: ({ ready }) => ready },
  },
}

/** Makes a GatewayClass for each controller of the lab, as installing one does. */
export function createGatewayClasses(store: Pick<Store, 'create'>): void {
  for (const [name, { controllerName }] of Object.entries(CLASSES)) {
    store.create('gatewayclasses', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name, ...UNSTORED },
      spec: { controllerName },
      status: { conditions: [condition('Accepted', true, 'Accepted', 'Valid GatewayClass')] },
    })
  }
}

/** The lab's controller of a class, by the class's controllerName; undefined: nobody serves it. */
export function classNamed(store: Pick<Store, 'get'>, name: string): LabGatewayClass | undefined {
  const found = store.get<GatewayClass>('gatewayclasses', '', name)
  return Object.values(CLASSES).find(
    ({ controllerName }) => controllerName === found?.spec.controllerName,
  )
}
