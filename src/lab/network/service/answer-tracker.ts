const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'
const LARGEST_HEAD_BYTES = 65_536

/** Follows one HTTP/1.1 connection just closely enough to know whether an answer is owed. */
export interface AnswerTracker {
  clientSent(chunk: Buffer): void
  upstreamSent(chunk: Buffer): void
  /** The client waits for an answer, or is in the middle of one. */
  readonly open: boolean
}

type Body =
  | { readonly kind: 'length'; remainingBytes: number }
  | { readonly kind: 'chunked'; tail: string }
  | { readonly kind: 'until-close' }

/** For a protocol other than HTTP any byte of the upstream counts as a whole answer. */
export function createAnswerTracker(): AnswerTracker {
  let waiting = false
  let headRequest = false
  let head = ''
  let body: Body | undefined

  const readHead = (chunk: Buffer) => {
    head += chunk.toString('latin1')
    const end = head.indexOf(HEAD_END)
    if (!head.startsWith('HTTP/'.slice(0, head.length)) || head.length > LARGEST_HEAD_BYTES) {
      head = ''
      waiting = false
    } else if (end >= 0) {
      const rest = Buffer.from(head.slice(end + HEAD_END.length), 'latin1')
      const fields = head.slice(0, end)
      head = ''
      if (/^HTTP\/1\.\d 1\d\d/.test(fields)) {
        if (rest.length > 0) readHead(rest)
        return
      }
      waiting = false
      body = bodyOf(fields, headRequest)
      readBody(rest)
    }
  }
  const readBody = (chunk: Buffer) => {
    if (body?.kind === 'length') {
      body.remainingBytes -= chunk.length
      if (body.remainingBytes <= 0) body = undefined
    } else if (body?.kind === 'chunked') {
      body.tail = (body.tail + chunk.subarray(-LAST_CHUNK.length).toString('latin1')).slice(
        -LAST_CHUNK.length,
      )
      if (body.tail === LAST_CHUNK) body = undefined
    }
  }
  return {
    clientSent: (chunk) => {
      if (!waiting) headRequest = chunk.subarray(0, 5).toString('latin1') === 'HEAD '
      waiting = true
    },
    upstreamSent: (chunk) => {
      if (body) readBody(chunk)
      else readHead(chunk)
    },
    get open() {
      return waiting || head !== '' || body !== undefined
    },
  }
}

function bodyOf(fields: string, headRequest: boolean): Body | undefined {
  if (headRequest || /^HTTP\/1\.\d (204|304)/.test(fields)) return undefined
  if (/\r\ntransfer-encoding:[^\r]*chunked/i.test(fields)) return { kind: 'chunked', tail: '' }
  const length = /\r\ncontent-length: *(\d+)/i.exec(fields)?.[1]
  if (length === undefined) return { kind: 'until-close' }
  return length === '0' ? undefined : { kind: 'length', remainingBytes: Number(length) }
}
