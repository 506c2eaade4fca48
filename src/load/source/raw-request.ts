import type { PreparedRequest, ResponseCheck } from '../prepared-request.ts'
import type { AmmoContext } from './ammo-reader.ts'

const FIRST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/\d\.\d\r?\n/

/** A request that goes over an HTTP/1.1 connection byte for byte as it was given. */
export class RawRequest implements PreparedRequest {
  readonly method: string
  readonly path: string
  readonly tag: string | undefined
  readonly check: ResponseCheck | undefined
  readonly #bytes: Buffer
  readonly #headEnd: number
  readonly #okStatuses: readonly number[]

  private constructor(
    bytes: Buffer,
    first: { readonly method: string; readonly path: string; readonly headEnd: number },
    tag: string | undefined,
    context: AmmoContext,
  ) {
    this.method = first.method
    this.path = first.path
    this.tag = tag
    this.check = context.check
    this.#bytes = bytes
    this.#headEnd = first.headEnd
    this.#okStatuses = context.expected.okStatuses
  }

  /** A copy of the bytes as a request, or what they lack. */
  static of(bytes: Buffer, tag: string | undefined, context: AmmoContext): RawRequest | string {
    const crlf = bytes.indexOf('\r\n\r\n')
    const headEnd = crlf >= 0 ? crlf + 4 : bytes.indexOf('\n\n') + 2
    if (headEnd < 4) return 'the request has no blank line after its headers'
    const lineEnd = bytes.indexOf('\n') + 1
    const [, method, path] = FIRST_LINE.exec(bytes.toString('latin1', 0, lineEnd)) ?? []
    if (method === undefined || path === undefined)
      return 'not a request line such as GET / HTTP/1.1'
    return new RawRequest(
      Buffer.from(bytes),
      { method, path, headEnd },
      context.tagOf(tag),
      context,
    )
  }

  /** For an engine that does not send the bytes: what can be told from them, without the framing that is its own. */
  get headers(): readonly (readonly [string, string])[] {
    const lines = this.#bytes.toString('latin1', 0, this.#headEnd).split(/\r?\n/).slice(1)
    const headers = lines.flatMap((line): [string, string][] => {
      const at = line.indexOf(':')
      return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : []
    })
    return headers.filter(([name]) => !/^(?:connection|transfer-encoding)$/i.test(name))
  }

  get body(): Buffer {
    return this.#bytes.subarray(this.#headEnd)
  }

  isOkStatus(status: number): boolean {
    return this.#okStatuses.length === 0
      ? status >= 200 && status < 400
      : this.#okStatuses.includes(status)
  }

  /** Never changed: what the file says of the connection stands. */
  wire(): Buffer {
    return this.#bytes
  }
}
