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

/** What the last of the requests got. */
export interface HttpAnswer {
  readonly status: number
  /** Cut at 10 kB. */
  readonly body: string
}

const MOST_REDIRECTS = 10
const MOST_BODY_BYTES = 10_240

/**
 * One GET on a connection of its own, or in words why there was no answer. Redirects are followed on the same host; one
 * that leads to another is given as the answer.
 */
export async function httpGet(
  target: HttpGetTarget,
  timeoutMs: number | undefined,
): Promise<Result<HttpAnswer, string>> {
  const { action, container, podIp, userAgent } = target
  const port = findPort(action.port, container)
  if (port === undefined) return fail(`couldn't find port: ${String(action.port)}`)
  const scheme = action.scheme === 'HTTPS' ? 'https' : 'http'
  const first = `${scheme}://${action.host ?? podIp}:${String(port)}${action.path ?? '/'}`
  const own = (action.httpHeaders ?? []).map(({ name, value }) => [name, value])
  const headers = {
    'User-Agent': userAgent,
    Accept: '*/*',
    Connection: 'close',
    ...(Object.fromEntries(own) as Record<string, string>),
  }
  const deadlineMs = timeoutMs === undefined ? undefined : performance.now() + timeoutMs
  let url = first
  for (let hop = 0; hop < MOST_REDIRECTS; hop++) {
    const answer = await send(url, headers, deadlineMs)
    if (!answer.ok) return answer
    const { status, location } = answer.value
    const next = status >= 300 && location !== undefined && URL.canParse(location, url)
    if (!next) return answer
    const to = new URL(location, url)
    if (to.hostname !== new URL(first).hostname) return answer
    url = to.href
  }
  return fail(`Get "${url}": stopped after 10 redirects`)
}

function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  deadlineMs: number | undefined,
): Promise<Result<HttpAnswer & { readonly location?: string }, string>> {
  const begin = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve) => {
    const request = begin(url, { agent: false, rejectUnauthorized: false, headers })
    const giveUp = () => {
      const late = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
      resolve(fail(`Get "${url}": ${late}`))
      request.destroy()
    }
    const leftMs = deadlineMs === undefined ? undefined : deadlineMs - performance.now()
    const timer = leftMs === undefined ? undefined : setTimeout(giveUp, leftMs)
    request.once('response', (response) => {
      const { statusCode: status = 0, headers: got } = response
      let body = ''
      const finish = () => {
        clearTimeout(timer)
        const { location } = got
        resolve(succeed({ status, body, ...(location !== undefined && { location }) }))
        request.destroy()
      }
      // A hook, which alone has no deadline, is done with the headers.
      if (deadlineMs === undefined) {
        finish()
        return
      }
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body = (body + text).slice(0, MOST_BODY_BYTES)
        if (body.length === MOST_BODY_BYTES) finish()
      })
      response.once('close', finish)
    })
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      resolve(fail(`Get "${url}": ${reasonOf(error, new URL(url).host)}`))
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
