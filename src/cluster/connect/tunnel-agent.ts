import { Agent, type AgentOptions, type RequestOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect, type ConnectionOptions } from 'node:tls'
import { openTunnel } from './open-tunnel.ts'

/** Keeps TLS connections to the API server that lead through an HTTP proxy. */
export class TunnelAgent extends Agent {
  readonly #proxy: URL

  constructor(proxy: URL, options: AgentOptions) {
    super(options)
    this.#proxy = proxy
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const target = `${options.host ?? ''}:${options.port ?? 443}`
    openTunnel(this.#proxy, target).then(
      (socket) =>
        callback?.(null, connect({ ...(options as ConnectionOptions), socket, path: undefined })),
      (error: unknown) => (callback as ((error: unknown) => void) | undefined)?.(error),
    )
  }
}
