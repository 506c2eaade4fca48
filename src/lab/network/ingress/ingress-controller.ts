import type { Ingress } from '../../api/kinds/ingress.ts'
import type { NetworkServices } from '../network-services.ts'
import { ingressRoutes } from './ingress-routes.ts'
import type { Route } from './ingress-routes.ts'
import { createIngressSync } from './ingress-sync.ts'
import { openIngress } from './open-ingress.ts'
import type { OpenIngress } from './open-ingress.ts'
import type { IngressProfile } from './profile.ts'

/** One ingress controller with the Ingresses of its class. */
export interface IngressController {
  serve(ingress: Ingress): void
  drop(uid: string): void
  /** Something that it watches has changed. */
  request(): void
  close(): void
}

interface Seen {
  readonly uid: string
  readonly routes: readonly Route[]
}

/**
 * Keeps a proxy for each Ingress, with the timing of a profile. Every Ingress has an address of its own; it serves its
 * Ingress whole, and the hosts of the others of the class, which share one address in a cluster.
 */
export function createIngressController(
  network: NetworkServices,
  profile: IngressProfile,
): IngressController {
  const { store } = network
  const open = new Map<string, OpenIngress>()
  const look = (): Seen[] =>
    store
      .list<Ingress>('ingresses')
      .filter(({ metadata }) => open.has(metadata.uid))
      .map((ingress) => ({
        uid: ingress.metadata.uid,
        routes: ingressRoutes(store, ingress, profile),
      }))
  const apply = (seen: readonly Seen[]) => {
    for (const { uid, routes } of seen) {
      const others = seen
        .filter((other) => other.uid !== uid)
        .flatMap((other) => other.routes.filter(({ host }) => host !== undefined))
      open.get(uid)?.setRoutes(routes, others)
    }
  }
  const random = network.random.stream(`ingress-sync/${profile.name}`)
  const sync = createIngressSync(profile.timing, random, { look, apply })
  return {
    serve: (ingress) => {
      const { uid } = ingress.metadata
      if (!open.has(uid)) open.set(uid, openIngress(network, profile, ingress))
      sync.request()
    },
    drop: (uid) => {
      open.get(uid)?.close()
      if (open.delete(uid)) sync.request()
    },
    request: () => {
      if (open.size > 0) sync.request()
    },
    close: () => {
      sync.close()
      for (const ingress of open.values()) ingress.close()
    },
  }
}
