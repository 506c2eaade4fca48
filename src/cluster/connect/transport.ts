import { createHash } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent, type RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { addHeaders, type Credentials } from './credentials.ts'
import { proxyHeaders } from './open-tunnel.ts'
import { socksAgent } from './socks-agent.ts'
import { tlsOf } from './tls-of.ts'
import { TunnelAgent } from './tunnel-agent.ts'

/** Who a request is made for: kubectl's `--as` and `--as-group`. */
export interface Impersonation {
  readonly user?: string
  readonly groups?: readonly string[]
  readonly uid?: string
}

export interface TransportOptions {
  readonly config: KubeConfig
  readonly server: URL
  readonly proxy: URL | undefined
  readonly credentials: Credentials
  readonly impersonation: Impersonation
}

/**
 * Makes requests ready to be sent: certificates, credentials, proxy. Connections are kept and shared; other
 * certificates than before, after a rotation, mean new connections.
 */
export class Transport {
  readonly #options: TransportOptions
  #agent: HttpAgent | undefined
  #agentKey = ''

  constructor(options: TransportOptions) {
    this.#options = options
  }

  /** Fills in everything but the call itself, whose path is there already. */
  async prepare(options: RequestOptions): Promise<void> {
    const { config, credentials, impersonation, proxy, server } = this.#options
    Object.assign(options, tlsOf(config))
    await credentials.apply(options)
    addHeaders(options, impersonationHeaders(impersonation))
    if (proxy?.protocol.startsWith('socks')) {
      this.#agent ??= await socksAgent(config, proxy)
      options.agent = this.#agent
      return
    }
    options.agent = this.#agentFor(options)
    if (proxy && server.protocol === 'http:') {
      addHeaders(options, { host: server.host, ...proxyHeaders(proxy) })
      options.path = `${server.origin}${options.path ?? ''}`
      Object.assign(options, { hostname: proxy.hostname, host: proxy.host, port: proxy.port || 80 })
    }
  }

  #agentFor({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): HttpAgent {
    const { proxy, server } = this.#options
    const hash = createHash('sha256')
    for (const part of [ca, cert, key]) hash.update(JSON.stringify(part ?? null))
    const agentKey = hash.digest('hex')
    if (this.#agent && agentKey === this.#agentKey) return this.#agent
    const kept = { keepAlive: true, keepAliveMsecs: 30_000 }
    const tls = { ...kept, ca, cert, key, servername, rejectUnauthorized }
    this.#agentKey = agentKey
    if (server.protocol === 'http:') this.#agent = new HttpAgent(kept)
    else this.#agent = proxy ? new TunnelAgent(proxy, tls) : new HttpsAgent(tls)
    return this.#agent
  }
}

function impersonationHeaders({ user, groups = [], uid }: Impersonation) {
  return {
    ...(user !== undefined && { 'impersonate-user': user }),
    ...(groups.length > 0 && { 'impersonate-group': [...groups] }),
    ...(uid !== undefined && { 'impersonate-uid': uid }),
  }
}
