import { isDeepStrictEqual } from 'node:util'
import type { Gateway, HttpRoute } from '../../api/kinds/gateway.ts'
import type { Route } from '../ingress/ingress-routes.ts'
import { createIngressSync } from '../ingress/ingress-sync.ts'
import type { IngressProfile } from '../ingress/profile.ts'
import type { NetworkServices } from '../network-services.ts'
import { gatewayRoutes } from './gateway-routes.ts'
import { openGateway, type OpenGateway } from './open-gateway.ts'
import { writeGatewayStatus, writeRouteStatus } from './write-status.ts'

/** One gateway controller with the Gateways of its classes. */
export interface GatewayController {
  serve(gateway: Gateway): void
  drop(uid: string): void
  /** Something that it watches has changed. */
  request(): void
  close(): void
}

interface Served {
  readonly gateway: Gateway
  readonly open: OpenGateway
  readonly address?: string
}

type Seen = readonly {
  readonly uid: string
  readonly byPort: ReadonlyMap<number, readonly Route[]>
}[]

/** Keeps the proxies of its Gateways with the timing of a profile, and writes their status and that of their routes. */
export function createGatewayController(
  network: NetworkServices,
  controllerName: string,
  profile: IngressProfile,
): GatewayController {
  const { store } = network
  const served = new Map<string, Served>()
  const look = (): Seen =>
    [...served].map(([uid, { gateway }]) => ({
      uid,
      byPort: gatewayRoutes(store, gateway, profile.takes),
    }))
  const apply = (seen: Seen) => {
    for (const { uid, byPort } of seen) served.get(uid)?.open.setRoutes(byPort)
  }
  const random = network.random.stream(`gateway-sync/${profile.name}`)
  const sync = createIngressSync(profile.timing, random, { look, apply })
  const writeAll = () => {
    const gateways = new Map([...served].map(([uid, { gateway }]) => [uid, gateway]))
    for (const { gateway, address } of served.values()) writeGatewayStatus(store, gateway, address)
    for (const route of store.list<HttpRoute>('httproutes'))
      writeRouteStatus(store, route, gateways, controllerName)
  }
  let writing: NodeJS.Timeout | undefined
  // Later: what is written must not be told to watchers in the middle of what they are being told.
  const writeSoon = () => {
    writing ??= setTimeout(() => {
      writing = undefined
      writeAll()
    })
  }
  const drop = (uid: string) => {
    served.get(uid)?.open.close()
    if (served.delete(uid)) sync.request()
  }
  return {
    serve: (gateway) => {
      const { uid } = gateway.metadata
      const before = served.get(uid)
      if (before && isDeepStrictEqual(before.gateway.spec, gateway.spec)) return
      drop(uid)
      const open = openGateway(network, profile, gateway, (address) => {
        const now = served.get(uid)
        if (now?.open !== open) return
        served.set(uid, { ...now, address })
        writeSoon()
        sync.request()
      })
      served.set(uid, { gateway, open })
      writeSoon()
      sync.request()
    },
    drop,
    request: () => {
      if (served.size === 0) return
      sync.request()
      writeSoon()
    },
    close: () => {
      sync.close()
      clearTimeout(writing)
      for (const { open } of served.values()) open.close()
    },
  }
}
