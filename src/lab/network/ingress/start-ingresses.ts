import { isDeepStrictEqual } from 'node:util'
import type { Ingress } from '../../api/kinds/ingress.ts'
import type { NetworkServices } from '../network-services.ts'
import { onSpecChange } from '../on-spec-change.ts'
import { createIngressClasses, servedBy } from './ingress-classes.ts'
import { createIngressController } from './ingress-controller.ts'
import type { IngressController } from './ingress-controller.ts'
import type { IngressProfile } from './profile.ts'

/** Runs the lab's ingress controllers, each for the Ingresses of its class. Gives the way to stop. */
export function startIngresses(network: NetworkServices): () => void {
  const { store } = network
  const controllers = new Map<string, IngressController>()
  const controllerOf = (profile: IngressProfile): IngressController => {
    const controller = controllers.get(profile.name) ?? createIngressController(network, profile)
    controllers.set(profile.name, controller)
    return controller
  }
  const requestAll = () => {
    for (const controller of controllers.values()) controller.request()
  }
  const ingresses = trackIngresses(network, controllerOf)
  createIngressClasses(store)
  const stops = [
    store.watch<Ingress>('ingresses', ({ type, object }) => {
      ingresses.take(object, type === 'DELETED')
    }),
    store.watch('ingressclasses', () => {
      for (const ingress of store.list<Ingress>('ingresses')) ingresses.take(ingress, false)
    }),
    store.watch('services', onSpecChange(requestAll)),
    store.watch('endpointslices', requestAll),
  ]
  return () => {
    for (const stop of stops) stop()
    for (const controller of controllers.values()) controller.close()
  }
}

interface Known {
  readonly spec: Ingress['spec']
  readonly annotations: Readonly<Record<string, string>> | undefined
  readonly controller: IngressController | undefined
}

/** Gives each Ingress to the controller of its class, and tells of those that none serves. */
function trackIngresses(
  { store }: NetworkServices,
  controllerOf: (profile: IngressProfile) => IngressController,
): { take: (ingress: Ingress, isDeleted: boolean) => void } {
  const known = new Map<string, Known>()
  return {
    take: (ingress, isDeleted) => {
      const { uid, annotations } = ingress.metadata
      const before = known.get(uid)
      if (isDeleted) {
        before?.controller?.drop(uid)
        known.delete(uid)
        return
      }
      const served = servedBy(store, ingress)
      const controller = served.profile && controllerOf(served.profile)
      const after: Known = { spec: ingress.spec, annotations, controller }
      const isNewlyAnnotated =
        before !== undefined && !isDeepStrictEqual(before.annotations, annotations)
      const isSame = before !== undefined && isDeepStrictEqual(before.spec, ingress.spec)
      if (isSame && !isNewlyAnnotated && before.controller === controller) return
      known.set(uid, after)
      // Settings of targets are read when an Ingress is opened.
      if (before?.controller !== controller || isNewlyAnnotated) before?.controller?.drop(uid)
      if (controller) controller.serve(ingress)
      else if (!served.profile) {
        store.emitEvent({
          regarding: ingress,
          type: 'Warning',
          reason: 'NotServed',
          message: `Nobody serves this Ingress: ${served.why}`,
          component: 'podtank-lab',
        })
      }
    },
  }
}
