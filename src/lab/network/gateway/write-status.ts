import type { Gateway, GatewayCondition, HttpRoute } from '../../api/kinds/gateway.ts'
import type { Service } from '../../api/kinds/service.ts'
import type { Store } from '../../api/store.ts'
import { attachRoute, refsTo } from './attach-route.ts'
import { condition, sinceBefore } from './condition.ts'

const HTTP_ROUTE = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }

/** Writes what a controller says of its Gateway: its address, and for each listener how many routes it has. */
export function writeGatewayStatus(
  store: Store,
  gateway: Gateway,
  address: string | undefined,
): void {
  const { name, namespace = 'default' } = gateway.metadata
  const routes = store.list<HttpRoute>('httproutes')
  store.change<Gateway>('gateways', namespace, name, (draft) => {
    const before = draft.status
    const isThere = address !== undefined
    const message = isThere ? '' : 'no address of the lab has its ports free'
    const reason = isThere ? 'Programmed' : 'AddressNotUsable'
    draft.status = {
      ...(isThere && { addresses: [{ type: 'IPAddress', value: address }] }),
      conditions: sinceBefore(
        [
          condition('Accepted', true, 'Accepted'),
          condition('Programmed', isThere, reason, message),
        ],
        before?.conditions,
      ),
      listeners: (gateway.spec.listeners ?? []).map((listener) => {
        const isHttp = listener.protocol === 'HTTP'
        return {
          name: listener.name,
          attachedRoutes: routes.filter((route) =>
            refsTo(gateway, route).some((ref) => {
              const attached = attachRoute(gateway, route, ref)
              return (
                !('reason' in attached) &&
                attached.some((one) => one.listener.name === listener.name)
              )
            }),
          ).length,
          supportedKinds: isHttp ? [HTTP_ROUTE] : [],
          conditions: sinceBefore(
            [
              isHttp
                ? condition('Accepted', true, 'Accepted')
                : condition('Accepted', false, 'UnsupportedProtocol', 'the lab speaks HTTP alone'),
            ],
            before?.listeners?.find((one) => one.name === listener.name)?.conditions,
          ),
        }
      }),
    }
  })
}

/** Writes what a controller says of the routes that name one of its Gateways; others' words stay. */
export function writeRouteStatus(
  store: Store,
  route: HttpRoute,
  served: ReadonlyMap<string, Gateway>,
  controllerName: string,
): void {
  const { name, namespace = 'default' } = route.metadata
  store.change<HttpRoute>('httproutes', namespace, name, (draft) => {
    const before = draft.status?.parents ?? []
    const own = [...served.values()].flatMap((gateway) =>
      refsTo(gateway, route).map((parentRef) => {
        const old = before.find(
          (parent) => JSON.stringify(parent.parentRef) === JSON.stringify(parentRef),
        )
        const conditions = [acceptedOf(gateway, route, parentRef), resolvedOf(store, route)]
        return { parentRef, controllerName, conditions: sinceBefore(conditions, old?.conditions) }
      }),
    )
    const others = before.filter((parent) => parent.controllerName !== controllerName)
    if (own.length > 0 || others.length < before.length)
      draft.status = { parents: [...others, ...own] }
  })
}

function acceptedOf(
  gateway: Gateway,
  route: HttpRoute,
  ref: Parameters<typeof attachRoute>[2],
): GatewayCondition {
  const attached = attachRoute(gateway, route, ref)
  return 'reason' in attached
    ? condition('Accepted', false, attached.reason, attached.message)
    : condition('Accepted', true, 'Accepted')
}

function resolvedOf(store: Store, { metadata, spec }: HttpRoute): GatewayCondition {
  const { namespace = 'default' } = metadata
  const missing = (spec.rules ?? [])
    .flatMap(({ backendRefs = [] }) => backendRefs)
    .find(
      ({ name, namespace: its = namespace }) =>
        its !== namespace || !store.get<Service>('services', its, name),
    )
  return missing
    ? condition('ResolvedRefs', false, 'BackendNotFound', `Service ${missing.name} not found`)
    : condition('ResolvedRefs', true, 'ResolvedRefs')
}
