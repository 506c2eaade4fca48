import { Agent } from 'node:http'
import type { Socket } from 'node:net'

/** ingress-nginx's upstream-keepalive-timeout and -connections (k8s-mechanics 3.5). */
const IDLE_MS = 60_000
const IDLE_CONNECTIONS = 320

/**
 * Keeps connections to pods alive as nginx does: 60 s whatever the pod hinted, so that a pod which closes earlier
 * is met in the act (k8s-mechanics 3.4). Node's agent never retries by itself.
 */
export class UpstreamAgent extends Agent {
  constructor() {
    super({ keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS })
  }

  override keepSocketAlive(socket: Socket): boolean {
    socket.setKeepAlive(true)
    socket.setTimeout(IDLE_MS)
    return true
  }
}
