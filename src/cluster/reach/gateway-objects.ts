interface RawMeta {
  readonly name: string
  readonly namespace?: string
}

export interface RawCondition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
}

/** The fields of a gateway.networking.k8s.io/v1 Gateway that are looked at. */
export interface RawGateway {
  readonly metadata: RawMeta
  readonly spec: {
    readonly gatewayClassName?: string
    readonly listeners?: readonly RawListener[]
  }
  readonly status?: {
    readonly addresses?: readonly { readonly type?: string; readonly value: string }[]
    readonly conditions?: readonly RawCondition[]
  }
}

export interface RawListener {
  readonly name: string
  readonly hostname?: string
  readonly port: number
  readonly protocol: string
  readonly allowedRoutes?: {
    readonly namespaces?: { readonly from?: string }
    readonly kinds?: readonly { readonly kind: string }[]
  }
}

export interface RawParentRef {
  readonly group?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name: string
  readonly sectionName?: string
  readonly port?: number
}

/** The fields of a gateway.networking.k8s.io/v1 HTTPRoute that are looked at. */
export interface RawHttpRoute {
  readonly metadata: RawMeta
  readonly spec: {
    readonly parentRefs?: readonly RawParentRef[]
    readonly hostnames?: readonly string[]
    readonly rules?: readonly {
      readonly backendRefs?: readonly {
        readonly group?: string
        readonly kind?: string
        readonly name: string
        readonly namespace?: string
        readonly weight?: number
      }[]
    }[]
  }
  readonly status?: {
    readonly parents?: readonly {
      readonly parentRef: RawParentRef
      readonly conditions?: readonly RawCondition[]
    }[]
  }
}

const GATEWAY_GROUP = 'gateway.networking.k8s.io'

/** `namespace/name` of the Gateway that a reference of a route means; undefined when it means something else. */
export function gatewayOf(ref: RawParentRef, route: RawHttpRoute): string | undefined {
  const { group = GATEWAY_GROUP, kind = 'Gateway', namespace = route.metadata.namespace } = ref
  if (group !== GATEWAY_GROUP || kind !== 'Gateway') return undefined
  return `${namespace ?? ''}/${ref.name}`
}

/** Names of the Services of its own namespace that a route sends requests to; weight 0 gets none. */
export const routeServices = ({ metadata, spec }: RawHttpRoute): readonly string[] => [
  ...new Set(
    (spec.rules ?? []).flatMap(({ backendRefs = [] }) =>
      backendRefs.flatMap(({ group = '', kind = 'Service', name, namespace, weight = 1 }) =>
        group === '' &&
        kind === 'Service' &&
        weight > 0 &&
        (namespace ?? metadata.namespace) === metadata.namespace
          ? [name]
          : [],
      ),
    ),
  ),
]
