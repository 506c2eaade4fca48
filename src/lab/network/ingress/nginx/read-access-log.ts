import type { AnswerTruth, UpstreamTry } from '../../../ground-truth.ts'

/** What a line of the access log tells; undefined for a request that went well. */
export interface LoggedAnswer {
  /** Wall clock, ms. */
  readonly atEpochMs: number
  readonly answer: Omit<AnswerTruth, 'type' | 'where'>
}

interface Line {
  readonly port: number
  readonly status: number
  readonly at: number
  readonly whole: string
  readonly peers: string
  readonly statuses: string
  readonly connects: string
}

/** nginx's own status for a client that left. */
const CLIENT_CLOSED = 499

/**
 * Reads a line that `nginxConf` made nginx write. nginx does not say why a try failed: without a connect time it was
 * not connected, and `refused` stands for that; a 502 after it is `closed`.
 */
export function readAccessLog(
  line: string,
  podAt: (address: string) => string,
): LoggedAnswer | undefined {
  const { port, status, at, whole, ...upstream } = JSON.parse(line) as Line
  const tries = triesOf(upstream, podAt)
  const failed = tries.flatMap(({ pod, how }) => (how === 'answered' ? [] : failedTry(pod, how)))
  const answeredBy = tries.find(({ how }) => how === 'answered')?.pod
  const tell = (answer: Pick<AnswerTruth, 'status' | 'tries' | 'fault' | 'answeredBy'>) => ({
    atEpochMs: at * 1_000,
    answer: { clientPort: port, ...answer },
  })
  if (status === CLIENT_CLOSED) return tell({ status, tries: failed })
  if (answeredBy === undefined) {
    const fault = tries.at(-1)?.how ?? faultOf(status)
    return status < 400 ? undefined : tell({ status, tries: failed, fault })
  }
  if (whole === '')
    return tell({ status: 0, tries: [...failed, ...failedTry(answeredBy, 'cut-body')] })
  return status < 400 ? undefined : tell({ status, tries: failed, answeredBy })
}

const failedTry = (pod: string, how: UpstreamTry['how']): UpstreamTry[] => [
  { pod, how, reused: false },
]

const faultOf = (status: number) =>
  status === 503 ? 'no-endpoints' : status === 413 ? 'too-large' : 'no-route'

interface Try {
  readonly pod: string
  readonly how: UpstreamTry['how'] | 'answered'
}

/** nginx lists its tries with commas. */
function triesOf(
  { peers, statuses, connects }: Pick<Line, 'peers' | 'statuses' | 'connects'>,
  podAt: (address: string) => string,
): Try[] {
  const codes = statuses.split(', ')
  const times = connects.split(', ')
  return peers
    .split(', ')
    .filter((address) => address !== '' && address !== '-')
    .map((address, at) => ({ pod: podAt(address), how: howOf(codes[at], times[at]) }))
}

function howOf(code: string | undefined, connectTime = '-'): Try['how'] {
  const isConnected = connectTime !== '-'
  if (code === '502') return isConnected ? 'closed' : 'refused'
  if (code === '504') return isConnected ? 'timeout' : 'connect-timeout'
  return 'answered'
}
