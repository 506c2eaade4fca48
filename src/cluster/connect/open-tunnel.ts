import { type ClientRequest, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'

const LIMIT_MS = 10_000

/** The proxy's name without its user and password. */
const proxyName = (proxy: URL): string => `${proxy.protocol}//${proxy.host}`

/** The header that a proxy with a user and a password wants. */
export function proxyHeaders({ username, password }: URL): Record<string, string> {
  if (username === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** Opens a connection through an HTTP proxy (CONNECT); rejects with why the proxy did not. */
export function openTunnel(proxy: URL, target: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...proxyHeaders(proxy) },
      agent: false,
      timeout: LIMIT_MS,
    })
    const stop = (why: string, code: string) => {
      request.destroy()
      reject(Object.assign(new Error(`the proxy ${proxyName(proxy)} ${why}`), { code }))
    }
    request.on('connect', (answer, socket) => {
      if (answer.statusCode === 200) resolve(socket)
      else stop(`answered CONNECT with ${answer.statusCode}`, 'proxy')
    })
    // Some answer an error as a plain response.
    request.on('response', (answer) => stop(`answered CONNECT with ${answer.statusCode}`, 'proxy'))
    request.on('timeout', () => stop(`did not answer within ${LIMIT_MS / 1_000} s`, 'proxy'))
    request.on('error', (error: NodeJS.ErrnoException) =>
      stop(`cannot be reached: ${error.code ?? 'failed'}`, 'proxy'),
    )
    request.end()
  })
}
