/** What a `Keep-Alive` field says (RFC 9112 appendix C.2.2 and the expired draft of the field). */
export interface KeepAliveHint {
  /** `timeout=…`, seconds that an idle connection is kept. */
  readonly seconds: number | undefined
  /** `max=…`, how many more requests it takes. */
  readonly max: number | undefined
}

/** Reads the field's value; it is a hint, so what is not a number says nothing. */
export function readKeepAlive(value: string): KeepAliveHint {
  return { seconds: parameter(value, SECONDS), max: parameter(value, MAX) }
}

const SECONDS = /(?:^|[\s,])timeout\s*=\s*(\d{1,9})/i
const MAX = /(?:^|[\s,])max\s*=\s*(\d{1,9})/i

function parameter(value: string, name: RegExp): number | undefined {
  const digits = name.exec(value)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** A server that keeps a connection for 5 s may close it while a request sent at 4.9 s is on its way. */
const MARGIN_US = 1_000_000

/** Until when a connection that is kept for some seconds may take a request; never before now. */
export const keptUntilUs = (seconds: number, nowUs: number): number =>
  nowUs + Math.max(0, seconds * 1_000_000 - MARGIN_US)
