import { createServer } from 'node:http'
import type { Random } from '../../../base/random.ts'
import { listenOnFirst } from '../listen-on-first.ts'
import type { ListenAddress } from '../listen-on-first.ts'
import type { Peer } from '../peer.ts'
import { answerNotFound, forwardRequest } from './forward-request.ts'
import type { Forwarding } from './forward-request.ts'
import { findRoute } from './ingress-routes.ts'
import type { Route } from './ingress-routes.ts'
import { UpstreamAgent } from './upstream-agent.ts'

const CLIENT_KEEP_ALIVE_MS = 75_000
const LAST_HOST = 40
const PORT = 80
const UNPRIVILEGED_PORT = 20_080

/** The HTTP proxy of one Ingress. */
export interface IngressProxy {
  /** What the proxy's workers know from now on. */
  setRoutes(routes: readonly Route[]): void
  close(): void
}

export interface IngressProxyOptions {
  readonly random: Random
  readonly labNumber: number
  readonly onAnswer: Forwarding['onAnswer']
  /** Told once, when the address is known. */
  readonly onBound: (address: ListenAddress) => void
}

/** Opens the proxy on 127.95.<lab>.N:80, or on an unprivileged port; peers are taken in turn. */
export function createIngressProxy(options: IngressProxyOptions): IngressProxy {
  const agent = new UpstreamAgent()
  const firstTurn = options.random.below(1000)
  const turns = new Map<string, number>()
  let routes: readonly Route[] = []

  const nextPeer = (url: string): Peer | undefined => {
    const route = findRoute(routes, url)
    if (!route || route.peers.length === 0) return undefined
    const turn = turns.get(route.path) ?? firstTurn
    turns.set(route.path, turn + 1)
    return route.peers[turn % route.peers.length]
  }
  const server = createServer({ noDelay: true }, (request, response) => {
    const url = request.url ?? '/'
    if (!findRoute(routes, url)) answerNotFound(response)
    else {
      const forwarding = { agent, nextPeer: () => nextPeer(url), onAnswer: options.onAnswer }
      void forwardRequest(request, response, forwarding)
    }
  })
  server.keepAliveTimeout = CLIENT_KEEP_ALIVE_MS
  void listenOnFirst(server, addressesOf(options.labNumber)).then((address) => {
    if (address) options.onBound(address)
  })
  return {
    setRoutes: (next) => {
      routes = next
    },
    close: () => {
      server.close()
      server.closeAllConnections()
      agent.destroy()
    },
  }
}

function* addressesOf(labNumber: number): Generator<ListenAddress> {
  for (const port of [PORT, UNPRIVILEGED_PORT]) {
    for (let host = 1; host <= LAST_HOST; host += 1) {
      yield { host: `127.95.${String(labNumber)}.${String(host)}`, port }
    }
  }
}
