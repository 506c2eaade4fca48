import type { FailureClass } from '../request-failure.ts'

/** How far a request had come when its connection failed; `connecting` lasts until TLS, where there is any, is there. */
export type RequestPhase = 'connecting' | 'waiting' | 'in-body'

const OURS = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'EADDRINUSE', 'ENOBUFS', 'ENOMEM'])
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'])
const RESET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED'])

/** The failure class of a socket error (design 4), by its system code and the phase it hit. */
export function classifyError(code: string | undefined, phase: RequestPhase): FailureClass {
  if (code === undefined) return 'protocol'
  if (OURS.has(code)) return 'generator'
  if (UNREACHABLE.has(code)) return 'unreachable'
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ETIMEDOUT') return phase === 'connecting' ? 'connect-timeout' : 'response-timeout'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns'
  if (RESET.has(code)) return phase === 'in-body' ? 'reset-in-body' : 'reset-before-response'
  return 'protocol'
}

/**
 * The failure class of an error of a TLS socket: what no socket could say is TLS's own, a certificate, an alert. A
 * FIN within the handshake is an error to Node, but to us what it is: a connection closed before the response.
 */
export function classifyTlsError(error: NodeJS.ErrnoException, phase: RequestPhase): FailureClass {
  if (isCloseInHandshake(error)) return 'closed-before-response'
  const failure = classifyError(error.code, phase)
  return failure === 'protocol' ? 'tls' : failure
}

/** Node's ECONNRESET without a system call: the other side's FIN came before TLS was there. */
export const isCloseInHandshake = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ECONNRESET' && error.syscall === undefined

/** The failure class of a FIN that came before the response was complete. */
export const classifyClose = (phase: RequestPhase): FailureClass =>
  phase === 'in-body' ? 'closed-in-body' : 'closed-before-response'

/** The failure class of a request that reached its deadline. */
export const classifyTimeout = (phase: RequestPhase): FailureClass =>
  phase === 'connecting' ? 'connect-timeout' : 'response-timeout'
