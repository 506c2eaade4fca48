import type { KubeObject } from '../store.ts'

/** A gateway.networking.k8s.io/v1 GatewayClass; it has no namespace. */
export interface GatewayClass extends KubeObject {
  spec: { controllerName: string }
  status?: { conditions?: GatewayCondition[] }
}

/** A gateway.networking.k8s.io/v1 Gateway. */
export interface Gateway extends KubeObject {
  spec: { gatewayClassName: string; listeners?: GatewayListener[] }
  status?: {
    addresses?: { type: string; value: string }[]
    conditions?: GatewayCondition[]
    listeners?: {
      name: string
      attachedRoutes: number
      supportedKinds: { group: string; kind: string }[]
      conditions: GatewayCondition[]
    }[]
  }
}

export interface GatewayListener {
  name: string
  hostname?: string
  port: number
  protocol: string
  allowedRoutes?: {
    namespaces?: { from?: 'All' | 'Same' | 'Selector' | 'None' }
    kinds?: { kind: string }[]
  }
}

/** A gateway.networking.k8s.io/v1 HTTPRoute. */
export interface HttpRoute extends KubeObject {
  spec: { parentRefs?: ParentRef[]; hostnames?: string[]; rules?: HttpRouteRule[] }
  status?: {
    parents?: { parentRef: ParentRef; controllerName: string; conditions: GatewayCondition[] }[]
  }
}

export interface ParentRef {
  group?: string
  kind?: string
  namespace?: string
  name: string
  sectionName?: string
  port?: number
}

export interface HttpRouteRule {
  matches?: {
    path?: { type?: string; value?: string }
    headers?: unknown[]
    queryParams?: unknown[]
    method?: string
  }[]
  filters?: unknown[]
  backendRefs?: {
    group?: string
    kind?: string
    name: string
    namespace?: string
    port?: number
    weight?: number
  }[]
}

export interface GatewayCondition {
  type: string
  status: 'True' | 'False'
  reason: string
  message: string
  observedGeneration?: number
  lastTransitionTime: string
}
