import { readFileSync } from 'node:fs'
import type { CauseId } from '../../src/analysis/analysis.ts'
import type { FailureEntry } from '../../src/recording/entry.ts'
import type { Recording } from '../../src/recording/recording.ts'

/** A line of the lab's ground truth. */
type Truth =
  | { type: 'pod'; atUs: number; pod: string; what: string }
  | { type: 'rules'; atUs: number; where: string; name: string; pods: string[] }
  | {
      type: 'cut'
      atUs: number
      clientPort: number
      pod?: string
      how: string
      requestOpen: boolean
    }
  | {
      type: 'answer'
      atUs: number
      clientPort: number
      status: number
      tries: Try[]
      answeredBy?: string
    }

interface Try {
  readonly pod: string
  readonly how: string
  readonly reused: boolean
}

/** What happened to a connection or a try: the pod it was on, and how it ended. */
interface Mishap {
  readonly pod: string | undefined
  readonly how: string
  readonly atUs: number
}

const SLACK_US = 60_000

/** Reads the lab's truth and says of each failure what really caused it; those that the truth does not hold are left out. */
export function trueCauses(
  recording: Recording,
  truthPath: string,
  killed: CauseId,
): Map<number, CauseId> {
  const truth = readFileSync(truthPath, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Truth)
  const startUs = recording.meta.startedAtMonotonicUs
  const podAt = (pod: string | undefined, what: string) =>
    truth.find((line) => line.type === 'pod' && line.pod === pod && line.what === what)?.atUs

  const service = recording.plan.scenario.changed?.through.kind === 'service'
  const isBetween = (fromUs: number, toUs: number) => (line: { atUs: number }) =>
    line.atUs >= fromUs && line.atUs <= toUs
  /** Whether the rules had no pod at some moment of a span. */
  const hadNoPods = (fromUs: number, toUs: number) => {
    const rules = truth.flatMap((line) =>
      line.type === 'rules' && line.where === (service ? 'service' : 'ingress') ? [line] : [],
    )
    const before = rules.findLast((line) => line.atUs < fromUs)
    return [...(before ? [before] : []), ...rules.filter(isBetween(fromUs, toUs))].some(
      ({ pods }) => pods.length === 0,
    )
  }

  const mishapOf = (failure: FailureEntry): Mishap | undefined => {
    const fromUs = startUs + failure.sentAtUs - SLACK_US
    const toUs = startUs + failure.endedAtUs + SLACK_US
    const isOurs = isBetween(fromUs, toUs)
    for (const line of truth) {
      if (line.type !== 'cut' && line.type !== 'answer') continue
      if (line.clientPort !== failure.localPort || !isOurs(line)) continue
      if (line.type === 'cut') return { pod: line.pod, how: line.how, atUs: line.atUs }
      if (line.answeredBy !== undefined)
        return { pod: line.answeredBy, how: 'answered', atUs: line.atUs }
      const cut = line.tries.find((one) => one.how !== 'refused')
      const [first] = line.tries
      return {
        pod: (cut ?? first)?.pod,
        how: (cut ?? first)?.how ?? 'no-endpoints',
        atUs: line.atUs,
      }
    }
    const isRejected = failure.outcome === 'refused' || failure.outcome === 'reset-before-response'
    return isRejected && service && hadNoPods(fromUs, toUs)
      ? { pod: undefined, how: 'no-endpoints', atUs: startUs + failure.endedAtUs }
      : undefined
  }

  const causeOfMishap = (failure: FailureEntry, { pod, how, atUs }: Mishap): CauseId => {
    if (how === 'no-endpoints') return 'NO_ENDPOINTS'
    // An error that a pod answered itself: only the app that starts slowly does that.
    if (how === 'answered') return 'NOT_READY_GETS_TRAFFIC'
    const signalledUs = podAt(pod, 'signalled')
    const exitedUs = podAt(pod, 'exited')
    if (signalledUs === undefined || atUs < signalledUs - SLACK_US) {
      return how === 'refused' ? 'NOT_READY_GETS_TRAFFIC' : 'IDLE_KEEPALIVE_RACE'
    }
    if (how === 'refused') return 'EXIT_BEFORE_DEREGISTER'
    if (podAt(pod, 'sigkilled') !== undefined) return killed
    const sentUs = startUs + failure.sentAtUs
    const outUs = truth.find(
      (line) =>
        line.type === 'rules' &&
        line.where !== 'slice' &&
        line.atUs > (podAt(pod, 'delete-requested') ?? 0) &&
        !line.pods.includes(pod ?? ''),
    )?.atUs
    if (exitedUs !== undefined && sentUs > exitedUs) return 'EXIT_BEFORE_DEREGISTER'
    if (outUs !== undefined && sentUs > outUs + 1_000_000 && sentUs > signalledUs)
      return 'KEEPALIVE_PINNED_TO_TERMINATING'
    return 'INFLIGHT_CUT_AT_TERM'
  }

  return new Map(
    recording.failures
      .filter((failure) => failure.outcome !== 'cut-off')
      .flatMap((failure): [number, CauseId][] => {
        if (failure.answeredBy !== undefined) return [[failure.seq, 'NOT_READY_GETS_TRAFFIC']]
        const mishap = mishapOf(failure)
        return mishap ? [[failure.seq, causeOfMishap(failure, mishap)]] : []
      }),
  )
}
