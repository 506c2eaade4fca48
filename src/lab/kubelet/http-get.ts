import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Container, HttpGet } from '../api/kinds/pod.ts'
import type { Result } from '../../base/result.ts'
import { fail, succeed } from '../../base/result.ts'
import { findPort } from './find-port.ts'

/** Where a probe or hook of the type httpGet goes. */
export interface HttpGetTarget {
  readonly action: HttpGet
  readonly container: Container
  readonly podIp: string
  readonly userAgent: string
}

/** The status of one GET on a connection of its own, or in words why there was none. */
export function httpGet(
  target: HttpGetTarget,
  timeoutMs: number | undefined,
): Promise<Result<number, string>> {
  const { action, container, podIp, userAgent } = target
  const port = findPort(action.port, container)
  if (port === undefined) return Promise.resolve(fail(`couldn't find port: ${String(action.port)}`))
  const host = action.host ?? podIp
  const url = `http${action.scheme === 'HTTPS' ? 's' : ''}://${host}:${String(port)}${action.path ?? '/'}`
  const send = action.scheme === 'HTTPS' ? httpsRequest : httpRequest
  const headers = Object.fromEntries(
    (action.httpHeaders ?? []).map(({ name, value }) => [name, value]),
  )
  return new Promise((resolve) => {
    const request = send(url, {
      agent: false,
      rejectUnauthorized: false,
      headers: { 'User-Agent': userAgent, Accept: '*/*', Connection: 'close', ...headers },
    })
    const giveUp = () => {
      resolve(
        fail(
          `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
        ),
      )
      request.destroy()
    }
    const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs)
    request.once('response', (response) => {
      clearTimeout(timer)
      response.resume()
      resolve(succeed(response.statusCode ?? 0))
    })
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const address = `${host}:${String(port)}`
      resolve(fail(`Get "${url}": ${reasonOf(error, address)}`))
    })
    request.end()
  })
}

/** In the words of Go's client. */
function reasonOf(error: NodeJS.ErrnoException, address: string): string {
  if (error.code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`
  const isNotTls = /wrong version number|packet length too long|http request/i.test(error.message)
  return isNotTls ? 'http: server gave HTTP response to HTTPS client' : error.message
}
