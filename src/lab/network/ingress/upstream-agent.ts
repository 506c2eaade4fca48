import { Agent } from 'node:http'
import type { Socket } from 'node:net'
import type { Peer } from '../peer.ts'
import type { UpstreamLimits } from './profile.ts'

/**
 * Keeps connections to pods alive as proxies do: for a time of their own whatever the pod hinted, so that a pod which
 * closes earlier is met in the act (k8s-mechanics 3.4). Node's agent never retries by itself.
 */
export class UpstreamAgent extends Agent {
  readonly #idleMs: number

  constructor({ idleMs, idleConnections }: Pick<UpstreamLimits, 'idleMs' | 'idleConnections'>) {
    super({ keepAlive: true, maxFreeSockets: idleConnections })
    this.#idleMs = idleMs
  }

  override keepSocketAlive(socket: Socket): boolean {
    socket.setKeepAlive(true)
    socket.setTimeout(this.#idleMs)
    return true
  }

  /** Ends all connections to a pod, with the requests on them. */
  cut({ address, port }: Peer): void {
    const name = this.getName({ host: address, port })
    for (const sockets of [this.sockets, this.freeSockets]) {
      for (const socket of [...(sockets[name] ?? [])]) socket.destroy()
    }
  }
}
