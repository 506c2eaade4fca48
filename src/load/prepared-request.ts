import type { RequestSpec } from '../scenario/scenario.ts'

/** What an answer must hold besides its status. */
export interface ResponseCheck {
  readonly needsHeaders: boolean
  readonly needsBody: boolean
  /**
   * Judges an answer whose status is right. `headers` are its header lines as they came, each ending in CRLF; `body`
   * is the body without its framing, cut at {@link MAX_CHECKED_BYTES}. What is not needed is empty.
   */
  judge(headers: string, body: Buffer): 'ok' | 'bad-header' | 'bad-body'
}

/** So much of a body is kept for a check. */
export const MAX_CHECKED_BYTES = 1_048_576

/** A request, ready to be sent. */
export interface PreparedRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Host and the framing header included, `Connection` not. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly tag: string | undefined
  /** Absent: the status decides. */
  readonly check: ResponseCheck | undefined
  isOkStatus(status: number): boolean
  /** The request as it goes over an HTTP/1.1 connection; `closes`: with `Connection: close`. */
  wire(closes: boolean): Buffer
}

/** An answer that has come whole; `headers` and `body` as {@link ResponseCheck.judge} takes them. */
export interface WholeAnswer {
  readonly status: number
  readonly headers: string
  readonly body: Buffer
}

/** What a whole answer is worth: its status first, then what else its request expects. */
export function judgeAnswer(
  request: PreparedRequest,
  answer: WholeAnswer,
): 'ok' | 'bad-status' | 'bad-header' | 'bad-body' {
  if (!request.isOkStatus(answer.status)) return 'bad-status'
  return request.check?.judge(answer.headers, answer.body) ?? 'ok'
}

const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])
/** There is one truth about the length and about the connection: ours. */
const OURS = new Set(['content-length', 'connection', 'transfer-encoding'])

/**
 * Builds a request. Its own headers go before `commonHeaders` of the same name, and both before what podtank adds:
 * Host, User-Agent, Accept.
 */
export function prepareRequest(
  spec: RequestSpec,
  hostHeader: string,
  commonHeaders: Readonly<Record<string, string>> = {},
  check?: ResponseCheck,
): PreparedRequest {
  const body = Buffer.from(spec.body ?? '', 'utf8')
  const own = Object.entries(spec.headers)
  const names = new Set(own.map(([name]) => name.toLowerCase()))
  const missing = (name: string) => !names.has(name.toLowerCase())
  const common = Object.entries(commonHeaders).filter(([name]) => missing(name))
  for (const [name] of common) names.add(name.toLowerCase())
  const added = Object.entries({ Host: hostHeader, 'User-Agent': 'podtank', Accept: '*/*' })
  const headers = [...added.filter(([name]) => missing(name)), ...own, ...common].filter(
    ([name]) => !OURS.has(name.toLowerCase()),
  )
  if (body.length > 0 || !BODILESS.has(spec.method)) {
    headers.push(['Content-Length', String(body.length)])
  }
  return new WholeRequest(spec, headers, body, check)
}

/** A request of which all parts are given; nothing is added but the `Connection` header. */
export class WholeRequest implements PreparedRequest {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
  readonly tag: string | undefined
  readonly check: ResponseCheck | undefined
  readonly #okStatuses: readonly number[]
  #reusing: Buffer | undefined
  #closing: Buffer | undefined

  constructor(
    spec: Pick<RequestSpec, 'method' | 'path' | 'tag' | 'okStatuses'>,
    headers: readonly (readonly [string, string])[],
    body: Buffer,
    check: ResponseCheck | undefined,
  ) {
    this.method = spec.method
    this.path = spec.path
    this.headers = headers
    this.body = body
    this.tag = spec.tag
    this.check = check
    this.#okStatuses = spec.okStatuses
  }

  isOkStatus(status: number): boolean {
    return this.#okStatuses.length === 0
      ? status >= 200 && status < 400
      : this.#okStatuses.includes(status)
  }

  wire(closes: boolean): Buffer {
    return closes
      ? (this.#closing ??= this.#bytes('Connection: close\r\n'))
      : (this.#reusing ??= this.#bytes(''))
  }

  #bytes(more: string): Buffer {
    const lines = this.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const head = `${this.method} ${this.path} HTTP/1.1\r\n${lines}${more}\r\n`
    return Buffer.concat([Buffer.from(head, 'latin1'), this.body])
  }
}
