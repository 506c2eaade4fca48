import { connect, type Socket } from 'node:net'

/** What came of one request. */
export interface Answer {
  readonly outcome: 'answered' | 'refused' | 'reset' | 'closed' | 'unreachable' | 'timeout'
  readonly status?: number
  /** The server says that it will close the connection. */
  readonly saysClose?: boolean
  /** On performance.now(). */
  readonly endedAtMs: number
}

/** How the other side ended a connection. */
export interface Ended {
  readonly how: 'closed' | 'reset'
  readonly atMs: number
}

const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EHOSTDOWN'])

/** One connection over which requests go one after another; it tells FIN from RST and never retries. */
export class HttpConnection {
  readonly #socket: Socket
  #received = ''
  #ended: Ended | undefined
  #failure: Answer['outcome'] = 'closed'
  #settle: ((answer: Answer) => void) | undefined
  readonly opened: Promise<boolean>

  constructor(host: string, port: number) {
    this.#socket = connect({ host, port, noDelay: true })
    this.#socket.setEncoding('latin1')
    this.opened = new Promise((resolve) => {
      this.#socket.once('connect', () => resolve(true))
      this.#socket.once('close', () => resolve(false))
    })
    this.#socket.on('data', (chunk) => {
      this.#received += String(chunk)
      this.#check(false)
    })
    this.#socket.on('end', () => this.#end('closed'))
    this.#socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') this.#failure = 'refused'
      else this.#failure = UNREACHABLE.has(code) ? 'unreachable' : 'reset'
      this.#end('reset')
    })
  }

  /** How and when the other side ended it; undefined while it is open. */
  get ended(): Ended | undefined {
    return this.#ended
  }

  /** Sends text as it is, answer or not. */
  send(text: string): void {
    this.#socket.write(text)
  }

  /** The next whole answer, or how it failed. */
  answer(timeoutMs: number): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => this.#settle?.({ outcome: 'timeout', endedAtMs: performance.now() }),
        timeoutMs,
      )
      this.#settle = (answer) => {
        clearTimeout(timer)
        this.#settle = undefined
        resolve(answer)
      }
      this.#check(this.#ended !== undefined)
    })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #end(how: Ended['how']): void {
    this.#ended ??= { how, atMs: performance.now() }
    this.#check(true)
  }

  #check(isOver: boolean): void {
    const answer = readAnswer(this.#received, isOver)
    if (answer) {
      if (!this.#settle) return
      this.#received = this.#received.slice(answer.length)
      const { status, saysClose } = answer
      this.#settle({ outcome: 'answered', status, saysClose, endedAtMs: performance.now() })
    } else if (isOver) this.#settle?.({ outcome: this.#failure, endedAtMs: performance.now() })
  }
}

/** A GET as it goes on the wire. */
export const getText = (host: string, path: string, close = false): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: podtank-try\r\nAccept: */*\r\n${
    close ? 'Connection: close\r\n' : ''
  }\r\n`

/** One GET over a connection of its own. */
export async function getOnce(
  host: string,
  port: number,
  path: string,
  timeoutMs: number,
): Promise<Answer> {
  const connection = new HttpConnection(host, port)
  connection.send(getText(host, path, true))
  const answer = await connection.answer(timeoutMs)
  connection.destroy()
  return answer
}

function readAnswer(received: string, isOver: boolean) {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const head = received.slice(0, headEnd).toLowerCase()
  const [, minor = '', code = ''] = /^http\/1\.(\d) (\d{3})/.exec(head) ?? []
  const status = Number(code)
  const bodyAt = headEnd + 4
  const connection = /\r\nconnection:\s*([^\r]*)/.exec(head)?.[1] ?? ''
  const saysClose =
    minor === '0' ? !connection.includes('keep-alive') : connection.includes('close')
  const bodyLength = lengthOfBody(head, status, received.slice(bodyAt), isOver)
  if (bodyLength === undefined) return undefined
  return { status, saysClose, length: bodyAt + bodyLength }
}

function lengthOfBody(
  head: string,
  status: number,
  body: string,
  isOver: boolean,
): number | undefined {
  if (status === 204 || status === 304) return 0
  if (/\r\ntransfer-encoding:[^\r]*chunked/.test(head)) {
    const end = body.startsWith('0\r\n\r\n') ? 5 : body.indexOf('\r\n0\r\n\r\n') + 7
    return end >= 5 && (body.startsWith('0\r\n\r\n') || end > 6) ? end : undefined
  }
  const declared = /\r\ncontent-length:\s*(\d+)/.exec(head)?.[1]
  if (declared !== undefined) return body.length >= Number(declared) ? Number(declared) : undefined
  return isOver ? body.length : undefined
}
