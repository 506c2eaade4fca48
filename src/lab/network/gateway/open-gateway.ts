import type { Gateway } from '../../api/kinds/gateway.ts'
import { createIngressProxy, type IngressProxy } from '../ingress/ingress-proxy.ts'
import type { Route } from '../ingress/ingress-routes.ts'
import type { IngressProfile } from '../ingress/profile.ts'
import type { ListenAddress } from '../listen-on-first.ts'
import type { NetworkServices } from '../network-services.ts'
import { podsOf } from '../peer.ts'

/** A Gateway that is served. */
export interface OpenGateway {
  /** What its proxies know from now on, by their port. */
  setRoutes(byPort: ReadonlyMap<number, readonly Route[]>): void
  close(): void
}

/** Opens a proxy for each port of a Gateway's HTTP listeners, all at one address, which is told when it is known. */
export function openGateway(
  network: NetworkServices,
  profile: IngressProfile,
  gateway: Gateway,
  onBound: (address: string) => void,
): OpenGateway {
  const { truth } = network
  const { name } = gateway.metadata
  const random = network.random.stream(`gateway/${name}`)
  const listeners = (gateway.spec.listeners ?? []).filter(({ protocol }) => protocol === 'HTTP')
  const ports = [...new Set(listeners.map(({ port }) => port))]
  const proxies = new Map<number, IngressProxy>()
  let byPort: ReadonlyMap<number, readonly Route[]> = new Map()
  let pods = ''
  let isClosed = false
  const open = (at: number, hosts: readonly string[]) => {
    const port = ports[at]
    if (port === undefined || isClosed) return
    const proxy = createIngressProxy({
      profile,
      random: random.stream(String(port)),
      addresses: hosts.map((host): ListenAddress => ({ host, port })),
      onAnswer: (answer, atUs) => {
        truth.record({ type: 'answer', where: 'ingress', ...answer }, atUs)
      },
      onBound: ({ host }) => {
        if (at === ports.length - 1) onBound(host)
        // The other ports are at the same address.
        else open(at + 1, [host])
      },
    })
    proxy.setRoutes(byPort.get(port) ?? [])
    proxies.set(port, proxy)
  }
  open(0, [...new Set([...network.addresses.ingressAddresses()].map(({ host }) => host))])
  return {
    setRoutes: (next) => {
      byPort = next
      for (const [port, proxy] of proxies) proxy.setRoutes(next.get(port) ?? [])
      const peers = [...next.values()].flatMap((routes) => routes.flatMap((route) => route.peers))
      const names = [...new Set(podsOf(peers))].sort()
      if (pods === names.join()) return
      pods = names.join()
      truth.record({ type: 'rules', where: 'ingress', name, pods: names })
    },
    close: () => {
      isClosed = true
      for (const proxy of proxies.values()) proxy.close()
    },
  }
}
