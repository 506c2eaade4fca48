import { createServer } from 'node:http'
import type { Random } from '../../../base/random.ts'
import { listenOnFirst } from '../listen-on-first.ts'
import type { ListenAddress } from '../listen-on-first.ts'
import type { Peer } from '../peer.ts'
import { forwardRequest } from './forward-request.ts'
import type { Forwarding } from './forward-request.ts'
import { findRoute } from './ingress-routes.ts'
import type { Route } from './ingress-routes.ts'
import type { IngressProfile } from './profile.ts'
import { UpstreamAgent } from './upstream-agent.ts'

const CLIENT_KEEP_ALIVE_MS = 75_000

/** The HTTP proxy of one Ingress. */
export interface IngressProxy {
  /** What the proxy's workers know from now on. */
  setRoutes(routes: readonly Route[]): void
  /** Ends the connections to a pod, with the requests on them. */
  cut(peer: Peer): void
  close(): void
}

export interface IngressProxyOptions {
  readonly profile: IngressProfile
  readonly random: Random
  /** It listens on the first that is free. */
  readonly addresses: Iterable<ListenAddress>
  /** `atUs` is there when it is told later than it happened. */
  readonly onAnswer: (answer: Parameters<Forwarding['onAnswer']>[0], atUs?: number) => void
  /** Told once, when the address is known. */
  readonly onBound: (address: ListenAddress) => void
}

/** Opens the proxy; a route's pods are taken in turn. */
export function createIngressProxy(options: IngressProxyOptions): IngressProxy {
  const { profile, onAnswer } = options
  const agent = new UpstreamAgent(profile.upstream)
  const firstTurn = options.random.below(1000)
  const turns = new Map<string, number>()
  let routes: readonly Route[] = []

  const nextPeer = (host: string, url: string): Peer | undefined => {
    const route = findRoute(routes, host, url)
    if (!route || route.peers.length === 0) return undefined
    const key = `${route.host ?? ''}${route.path}`
    const turn = turns.get(key) ?? firstTurn
    turns.set(key, turn + 1)
    return route.peers[turn % route.peers.length]
  }
  const server = createServer({ noDelay: true }, (request, response) => {
    const { url = '/', headers } = request
    const host = headers.host ?? ''
    const isKnown = findRoute(routes, host, url) !== undefined
    void forwardRequest(request, response, {
      profile,
      agent,
      onAnswer,
      nextPeer: isKnown ? () => nextPeer(host, url) : undefined,
    })
  })
  server.keepAliveTimeout = CLIENT_KEEP_ALIVE_MS
  void listenOnFirst(server, options.addresses).then((address) => {
    if (address) options.onBound(address)
  })
  return {
    setRoutes: (next) => {
      routes = next
    },
    cut: (peer) => {
      agent.cut(peer)
    },
    close: () => {
      server.close()
      server.closeAllConnections()
      agent.destroy()
    },
  }
}
