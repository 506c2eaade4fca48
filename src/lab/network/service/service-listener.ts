import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { Random } from '../../../base/random.ts'
import { monotonicUs } from '../../../base/clock.ts'
import { listenOnFirst } from '../listen-on-first.ts'
import type { ListenAddress } from '../listen-on-first.ts'
import type { Peer } from '../peer.ts'
import { forwardConnection } from './forward-connection.ts'
import type { Cut } from './forward-connection.ts'

/** Added to a port that may not be taken as it is. */
const UNPRIVILEGED_OFFSET = 20_000

/** Until the next try when the port was taken by someone else. */
const RETRY_MS = 200

export interface ServiceListenerOptions {
  readonly host: string
  readonly port: number
  readonly random: Random
  readonly onCut: (cut: Cut) => void
  /** Told once, when the port is known. */
  readonly onBound: (address: ListenAddress) => void
}

/** One port of a Service: listens while it has peers, and refuses through the kernel while it has none. */
export interface ServiceListener {
  /** From now on new connections go to these; existing ones stay where they are. */
  setPeers(peers: readonly Peer[]): void
  close(): void
}

export function createServiceListener(options: ServiceListenerOptions): ServiceListener {
  let peers: readonly Peer[] = []
  let server: Server | undefined
  let address: ListenAddress | undefined
  let closed = false
  let work = Promise.resolve()

  const accept = (client: Socket) => {
    const peer = peers[options.random.below(Math.max(1, peers.length))]
    if (peer) forwardConnection(client, peer, options.onCut)
    else rejectClient(client, options.onCut)
  }
  /** Opening takes a moment; what is wanted may have changed by then. */
  const adjust = async () => {
    const wanted = !closed && (peers.length > 0 || address === undefined)
    if (wanted && !server) {
      server = createServer({ allowHalfOpen: true, noDelay: true }, accept)
      const bound = await listenOnFirst(server, address ? [address] : addressesFor(options))
      if (!bound) {
        server = undefined
        setTimeout(adjustNext, RETRY_MS)
      } else if (!address) options.onBound((address = bound))
    }
    if (server && (closed || peers.length === 0)) {
      server.close()
      server = undefined
    }
  }
  const adjustNext = () => {
    work = work.then(adjust)
  }
  adjustNext()
  return {
    setPeers: (next) => {
      peers = next
      adjustNext()
    },
    close: () => {
      closed = true
      adjustNext()
    },
  }
}

const addressesFor = ({ host, port }: ServiceListenerOptions): ListenAddress[] =>
  [port, port + UNPRIVILEGED_OFFSET, 0]
    .filter((candidate) => candidate <= 65_535)
    .map((candidate) => ({ host, port: candidate }))

/** A connection that came in before the listener could be closed. */
function rejectClient(client: Socket, onCut: (cut: Cut) => void): void {
  const clientPort = client.remotePort ?? 0
  const openedAtUs = monotonicUs()
  onCut({ clientPort, pod: '', how: 'no-endpoints', requestOpen: true, openedAtUs })
  client.on('error', () => undefined)
  client.resetAndDestroy()
}
