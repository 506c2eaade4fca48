import { type ClientHttp2Stream, constants } from 'node:http2'
import type { Loss } from '../pooled/pooled-connection.ts'
import { classifyClose, type RequestPhase } from '../raw/classify-error.ts'
import { errorName } from './error-name.ts'

/** The other side will take no new streams, and forgets those above the last one. */
export interface Goaway {
  readonly code: number
  readonly lastStreamId: number
}

/** What is known of a stream that closed without a whole answer. */
export interface StreamEnd {
  readonly stream: ClientHttp2Stream | undefined
  readonly error: Error | undefined
  readonly goaway: Goaway | undefined
  readonly hasFin: boolean
}

/**
 * Why a stream was lost, the widest cause first: GOAWAY closes the streams it forgets as if they were refused, a broken
 * session gives each stream its error, and a FIN lets Node cancel what is open. Undefined: the socket alone knows.
 */
export function streamLoss(
  { stream, error, goaway, hasFin }: StreamEnd,
  phase: RequestPhase,
): Loss | undefined {
  const code = stream?.rstCode ?? constants.NGHTTP2_NO_ERROR
  if (goaway && isForgotten(goaway, stream)) {
    return { failure: classifyClose(phase), detail: `GOAWAY ${errorName(goaway.code)}` }
  }
  if (error && !isStreamError(error)) return { failure: 'protocol', detail: error.message }
  if (hasFin || !stream) return undefined
  const failure = phase === 'in-body' ? 'reset-in-body' : 'reset-before-response'
  const detail = `RST_STREAM ${errorName(code)}`
  // Node resets so itself what is no answer; a server that does it says that our request is none.
  if (code === constants.NGHTTP2_PROTOCOL_ERROR) return { failure: 'protocol', detail }
  return { failure, detail }
}

function isForgotten(goaway: Goaway, stream: ClientHttp2Stream | undefined): boolean {
  if (goaway.code !== constants.NGHTTP2_NO_ERROR) return true
  return stream?.id === undefined || stream.id > goaway.lastStreamId
}

const isStreamError = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ERR_HTTP2_STREAM_ERROR'
