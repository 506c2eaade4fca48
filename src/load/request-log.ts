import { monotonicUs } from '../base/clock.ts'
import { US_PER_MS, US_PER_SECOND } from '../base/units.ts'
import type { Exchange } from './engine.ts'
import type { RequestLogFormat } from './load-plan.ts'
import { netCode } from './net-code.ts'
import type { Outcome } from './request-failure.ts'

/** What is added to an instant of the machine's monotonic clock to have it since 1970, µs. */
const SINCE_1970_US = Math.round(
  (performance.timeOrigin + performance.now()) * US_PER_MS - monotonicUs(),
)

/** Outcomes of a request that never had a connection. */
const UNCONNECTED: ReadonlySet<Outcome> = new Set<Outcome>([
  'refused',
  'connect-timeout',
  'unreachable',
  'dns',
  'tls',
  'generator',
])

/** One request as a line of a request log, line end included; `runStartedAtUs` is on the machine's monotonic clock. */
export const requestLine = (
  format: RequestLogFormat,
  exchange: Exchange,
  outcome: Outcome,
  runStartedAtUs: number,
): string =>
  format === 'phout'
    ? phoutLine(exchange, outcome, runStartedAtUs + SINCE_1970_US)
    : ndjsonLine(exchange, outcome)

/**
 * Tank's phout (load-generators 3.1): sent at (s since 1970), tag#number, then in µs interval_real = connect_time +
 * send_time + latency + receive_time, then interval_event, size_out, size_in, net_code, proto_code. Handing a request
 * to the kernel takes no time that could be told apart, so send_time is 0; interval_event is interval_real.
 */
function phoutLine(exchange: Exchange, outcome: Outcome, startedSince1970Us: number): string {
  const { seq, sentAtUs, firstByteAtUs, endedAtUs, status, bytesReceived } = exchange
  const totalUs = Math.max(0, endedAtUs - sentAtUs)
  const connectUs = Math.min(totalUs, connectingUs(exchange, outcome, totalUs))
  const answerAtUs = firstByteAtUs > 0 ? firstByteAtUs : endedAtUs
  const waitUs = Math.min(totalUs - connectUs, Math.max(0, answerAtUs - sentAtUs - connectUs))
  const receiveUs = totalUs - connectUs - waitUs
  const at = secondsText(startedSince1970Us + sentAtUs)
  return `${at}\t${tagOf(exchange)}#${seq}\t${totalUs}\t${connectUs}\t0\t${waitUs}\t${receiveUs}\t${totalUs}\t${bytesOut(exchange)}\t${bytesReceived}\t${netCode(outcome)}\t${status}\n`
}

/** How long after it was sent a request still waited for its connection. */
function connectingUs(exchange: Exchange, outcome: Outcome, totalUs: number): number {
  const { connectUs, connectionAgeUs, firstByteAtUs } = exchange
  if (connectUs > 0) return Math.max(0, connectUs - connectionAgeUs)
  return firstByteAtUs === 0 && UNCONNECTED.has(outcome) ? totalUs : 0
}

function secondsText(us: number): string {
  const ms = Math.floor((us % US_PER_SECOND) / US_PER_MS)
  const fraction = ms < 10 ? `00${ms}` : ms < 100 ? `0${ms}` : String(ms)
  return `${Math.floor(us / US_PER_SECOND)}.${fraction}`
}

const SEPARATORS = /[\t\r\n]/g

function tagOf({ request }: Exchange): string {
  const tag = request?.tag
  return tag === undefined ? '' : tag.replace(SEPARATORS, ' ')
}

const bytesOut = ({ request, isSingleUse }: Exchange): number =>
  request?.wire(isSingleUse).length ?? 0

/** The same in our words; instants are µs since the run began, and what is not there is left out. */
function ndjsonLine(exchange: Exchange, outcome: Outcome): string {
  const { request, seq, dueAtUs, sentAtUs, firstByteAtUs, endedAtUs, status } = exchange
  const { use, servedBefore, connectUs, bytesReceived, answeredBy } = exchange
  const tag = request?.tag === undefined ? '' : `"tag":${JSON.stringify(request.tag)},`
  const path = JSON.stringify(request?.path ?? '')
  const firstByte = firstByteAtUs > 0 ? `"firstByteAtUs":${firstByteAtUs},` : ''
  const answer = status > 0 ? `"status":${status},` : ''
  const who = answeredBy === undefined ? '' : `,"answeredBy":${JSON.stringify(answeredBy)}`
  return `{"seq":${seq},${tag}"method":"${request?.method ?? ''}","path":${path},"dueAtUs":${dueAtUs},"sentAtUs":${sentAtUs},${firstByte}"endedAtUs":${endedAtUs},"outcome":"${outcome}",${answer}"connection":"${use}","servedBefore":${servedBefore},"connectUs":${connectUs},"bytesOut":${bytesOut(exchange)},"bytesIn":${bytesReceived}${who}}\n`
}
