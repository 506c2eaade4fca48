import type { FailureClass } from './request-failure.ts'

/** How far a request had come when its connection failed. */
export type RequestPhase = 'connecting' | 'waiting' | 'in-body'

const OURS = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'EADDRINUSE', 'ENOBUFS', 'ENOMEM'])
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'])

/** The failure class of a socket error (design 4), by its system code and the phase it hit. */
export function classifyError(code: string | undefined, phase: RequestPhase): FailureClass {
  if (code === undefined) return 'protocol'
  if (OURS.has(code)) return 'generator'
  if (UNREACHABLE.has(code)) return 'unreachable'
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ETIMEDOUT') return phase === 'connecting' ? 'connect-timeout' : 'response-timeout'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns'
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED') {
    return phase === 'in-body' ? 'reset-in-body' : 'reset-before-response'
  }
  return 'protocol'
}

/** The failure class of a FIN that came before the response was complete. */
export const classifyClose = (phase: RequestPhase): FailureClass =>
  phase === 'in-body' ? 'closed-in-body' : 'closed-before-response'

/** The failure class of a request that reached its deadline. */
export const classifyTimeout = (phase: RequestPhase): FailureClass =>
  phase === 'connecting' ? 'connect-timeout' : 'response-timeout'
