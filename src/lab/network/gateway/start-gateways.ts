import type { Gateway } from '../../api/kinds/gateway.ts'
import type { NetworkServices } from '../network-services.ts'
import { onSpecChange } from '../on-spec-change.ts'
import { classNamed, createGatewayClasses } from './gateway-classes.ts'
import { createGatewayController, type GatewayController } from './gateway-controller.ts'

/** Runs the lab's gateway controllers, each for the Gateways of its class. Gives the way to stop. */
export function startGateways(network: NetworkServices): () => void {
  const { store } = network
  const controllers = new Map<string, GatewayController>()
  /** The controller of each Gateway that is served, by uid. */
  const servedBy = new Map<string, GatewayController>()
  const controllerOf = (className: string): GatewayController | undefined => {
    const found = classNamed(store, className)
    if (!found) return undefined
    const { controllerName, profile } = found
    const controller =
      controllers.get(controllerName) ?? createGatewayController(network, controllerName, profile)
    controllers.set(controllerName, controller)
    return controller
  }
  const take = (gateway: Gateway, isDeleted: boolean) => {
    const { uid } = gateway.metadata
    const controller = isDeleted ? undefined : controllerOf(gateway.spec.gatewayClassName)
    const before = servedBy.get(uid)
    if (before && before !== controller) before.drop(uid)
    if (controller) {
      servedBy.set(uid, controller)
      controller.serve(gateway)
    } else servedBy.delete(uid)
  }
  const requestAll = () => {
    for (const controller of controllers.values()) controller.request()
  }
  createGatewayClasses(store)
  const stops = [
    store.watch<Gateway>('gateways', ({ type, object }) => {
      take(object, type === 'DELETED')
    }),
    store.watch('gatewayclasses', () => {
      for (const gateway of store.list<Gateway>('gateways')) take(gateway, false)
    }),
    store.watch('httproutes', onSpecChange(requestAll)),
    store.watch('services', onSpecChange(requestAll)),
    store.watch('endpointslices', requestAll),
  ]
  return () => {
    for (const stop of stops) stop()
    for (const controller of controllers.values()) controller.close()
  }
}
