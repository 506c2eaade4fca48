import { type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiCall, ApiError, ClientOptions } from '../api-client.ts'
import { errorOf } from './api-errors.ts'
import { TokenBucket } from './token-bucket.ts'

/** Why a call ends that takes too long. */
export const LATE = new DOMException('no answer', 'TimeoutError')

/** A call whose answer has begun. */
export interface Sent {
  readonly answer: IncomingMessage
  /** What it was sent with. */
  readonly options: RequestOptions
  /** Ends the limit. */
  readonly settle: () => void
  /** Over the limit: what is wrong with the answer follows from that. */
  readonly isLate: () => boolean
}

/** Sends single calls to one API server: pace, credentials, time limit; no retry but the one after a 401. */
export class CallSender {
  /** Without user and password. */
  readonly server: string
  readonly #base: URL
  readonly #authorise: (options: RequestOptions) => Promise<void>
  readonly #options: ClientOptions
  readonly #bucket: TokenBucket

  constructor(
    server: string,
    authorise: (options: RequestOptions) => Promise<void>,
    options: ClientOptions,
  ) {
    this.#base = new URL(server)
    this.server = `${this.#base.origin}${this.#base.pathname.replace(/\/$/, '')}`
    this.#authorise = authorise
    this.#options = options
    this.#bucket = options.bucket ?? new TokenBucket({ perSecond: 20, burst: 40 })
  }

  /** What must be in no message. */
  secrets(): readonly string[] {
    return this.#options.secrets?.() ?? []
  }

  /** Sends the call and gives the answer's beginning; a 401 is followed by one more try with other credentials. */
  async begin(call: ApiCall, stop: AbortSignal, limitMs: number): Promise<Result<Sent, ApiError>> {
    const first = await this.#send(call, stop, limitMs)
    if (!first.ok || first.value.answer.statusCode !== 401) return first
    if (this.#options.refused?.(first.value.options) !== true) return first
    first.value.answer.resume()
    first.value.settle()
    return this.#send(call, stop, limitMs)
  }

  /** The limit counts from when the credentials are there: to get them may take longer than a call. */
  async #send(call: ApiCall, stop: AbortSignal, limitMs: number): Promise<Result<Sent, ApiError>> {
    const url = this.#urlOf(call)
    const options: RequestOptions = { path: `${url.pathname}${url.search}` }
    try {
      await within(stop, this.#bucket.take(stop))
      await within(stop, this.#authorise(options))
    } catch (error) {
      return fail(errorOf(call, error, this.secrets()))
    }
    const body = call.body === undefined ? undefined : JSON.stringify(call.body)
    options.method = call.method
    options.headers = {
      ...(options.headers as Record<string, string> | undefined),
      accept: 'application/json',
      'user-agent': 'podtank',
      ...(body !== undefined && {
        'content-type': call.contentType ?? 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    }
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(LATE), limitMs)
    const settle = () => clearTimeout(timer)
    options.signal = AbortSignal.any([stop, late.signal])
    const answer = await this.#exchange(call, url, options, body)
    const isLate = () => late.signal.aborted
    if (answer.ok) return succeed({ answer: answer.value, options, settle, isLate })
    settle()
    return answer
  }

  #exchange(
    call: ApiCall,
    url: URL,
    options: RequestOptions,
    body: string | undefined,
  ): Promise<Result<IncomingMessage, ApiError>> {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((resolve) => {
      const sentAtMs = Date.now()
      const request = send(url, options, (answer) => {
        const { date } = answer.headers
        if (date !== undefined) this.#options.onDate?.(date, sentAtMs, Date.now())
        resolve(succeed(answer))
      })
      request.on('error', (error) => resolve(fail(errorOf(call, error, this.secrets()))))
      request.end(body)
    })
  }

  #urlOf(call: ApiCall): URL {
    const url = new URL(this.#base.pathname.replace(/\/$/, '') + call.path, this.#base)
    url.username = ''
    url.password = ''
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
    return url
  }
}

/** The promise's value, or the signal's reason when that comes first. */
function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
