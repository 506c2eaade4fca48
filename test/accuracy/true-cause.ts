import type { CauseId } from '../../src/analysis/analysis.ts'
import type { UpstreamTry } from '../../src/lab/ground-truth.ts'
import type { FailureEntry } from '../../src/recording/entry.ts'
import type { Recording } from '../../src/recording/recording.ts'
import type { Mishap, Truth } from './truth.ts'

/** What the truth can tell apart by itself. */
export type TrueKind =
  | 'no-endpoints'
  | 'answered'
  | 'turned-away-new'
  | 'turned-away-old'
  | 'cut-idle'
  | 'cut-unasked'
  | 'cut-killed'
  | 'cut-pinned'
  | 'cut-at-signal'
  | 'late'

/** Why it happened, where that follows from what the case is made of. */
export type Story = Partial<Record<TrueKind, CauseId>>

const USUAL: Required<Story> = {
  'no-endpoints': 'NO_ENDPOINTS',
  answered: 'NOT_READY_GETS_TRAFFIC',
  'turned-away-new': 'NOT_READY_GETS_TRAFFIC',
  'turned-away-old': 'EXIT_BEFORE_DEREGISTER',
  'cut-idle': 'IDLE_KEEPALIVE_RACE',
  'cut-unasked': 'CRASH',
  'cut-killed': 'unexplained',
  'cut-pinned': 'KEEPALIVE_PINNED_TO_TERMINATING',
  'cut-at-signal': 'INFLIGHT_CUT_AT_TERM',
  late: 'CAPACITY_DROP',
}

const SLACK_US = 60_000
const PINNED_US = 1_000_000
const TURNED_AWAY: ReadonlySet<string> = new Set(['refused', 'unreachable', 'connect-timeout'])

/** Says of each failure, by the lab's truth, what really caused it; those that the truth does not hold are left out. */
export function trueCauses(recording: Recording, truth: Truth, story: Story): Map<number, CauseId> {
  const causes = new Map<number, CauseId>()
  for (const failure of recording.failures) {
    if (failure.outcome === 'cut-off') continue
    const kind = kindOf(failure, recording, truth)
    if (kind !== undefined) causes.set(failure.seq, { ...USUAL, ...story }[kind])
  }
  return causes
}

function kindOf(failure: FailureEntry, recording: Recording, truth: Truth): TrueKind | undefined {
  const mishap = truth.mishapOf.get(failure)
  if (failure.outcome === 'bad-body' || (failure.outcome === 'bad-status' && failure.answeredBy))
    return 'answered'
  if (!mishap) {
    if (hadNoPods(failure, recording, truth)) return 'no-endpoints'
    // The lab saw nothing go wrong: the answer came, just after its client had given up.
    return failure.outcome === 'response-timeout' ? 'late' : undefined
  }
  const { pod, how } = placeOf(mishap)
  if (how === 'no-endpoints' || pod === '') return 'no-endpoints'
  if (how === 'answered') return 'answered'
  return kindOnPod(failure, truth, { pod, how, atUs: mishap.atUs })
}

/** The pod that a request failed on, and how. */
interface Place {
  readonly pod: string
  readonly how: string
}

function placeOf(mishap: Mishap): Place {
  if (mishap.type === 'cut') return mishap
  if (mishap.answeredBy !== undefined && mishap.status >= 500)
    return { pod: mishap.answeredBy, how: 'answered' }
  // The client left while the last of them was tried.
  const tries = mishap.status === 499 ? mishap.tries.slice(0, -1) : mishap.tries
  const place: UpstreamTry | undefined = tries.find(({ how }) => !TURNED_AWAY.has(how)) ?? tries[0]
  if (place) return place
  const last = mishap.tries.at(-1)
  return last ? { pod: last.pod, how: 'client-left' } : { pod: '', how: 'no-endpoints' }
}

function kindOnPod(
  failure: FailureEntry,
  truth: Truth,
  { pod, how, atUs }: Place & { readonly atUs: number },
): TrueKind {
  const seen = (what: string) =>
    truth.pods.find((line) => line.pod === pod && line.what === what && line.atUs < atUs + SLACK_US)
      ?.atUs
  const deletedUs = seen('delete-requested')
  const signalledUs = deletedUs === undefined ? undefined : seen('signalled')
  const exitedUs = seen('exited')
  if (how === 'client-left' || how === 'timeout')
    return signalledUs !== undefined && exitedUs !== undefined ? 'turned-away-old' : 'late'
  if (signalledUs === undefined) {
    if (exitedUs !== undefined || seen('signalled') !== undefined) return 'cut-unasked'
    return TURNED_AWAY.has(how) ? 'turned-away-new' : 'cut-idle'
  }
  if (TURNED_AWAY.has(how)) return 'turned-away-old'
  if (seen('sigkilled') !== undefined) return 'cut-killed'
  const sentUs = truth.startUs + failure.sentAtUs
  const outUs = truth.rules.find(
    ({ where, atUs: ruledUs, pods }) =>
      where !== 'slice' && ruledUs > (deletedUs ?? 0) && !pods.includes(pod),
  )?.atUs
  // Before the exit is asked for: no proxy sends to the pod any more, only its old connections lead there.
  if (outUs !== undefined && sentUs > outUs + PINNED_US && sentUs > signalledUs) return 'cut-pinned'
  // What is cut in flight had begun before the signal (k8s-mechanics 5.2); a body has begun in any case.
  return sentUs > signalledUs && how !== 'cut-body' ? 'turned-away-old' : 'cut-at-signal'
}

/** Whether the failure was a rejection, and the rules had no pod at some moment of its time. */
function hadNoPods(failure: FailureEntry, recording: Recording, truth: Truth): boolean {
  const service = recording.plan.scenario.changed?.through.kind === 'service'
  const isRejected = failure.outcome === 'refused' || failure.outcome === 'reset-before-response'
  if (!service || !isRejected) return false
  const fromUs = truth.startUs + failure.sentAtUs - SLACK_US
  const toUs = truth.startUs + failure.endedAtUs + SLACK_US
  const rules = truth.rules.filter(({ where }) => where === 'service')
  const before = rules.findLast((line) => line.atUs < fromUs)
  const during = rules.filter(({ atUs }) => atUs >= fromUs && atUs <= toUs)
  return [...(before ? [before] : []), ...during].some(({ pods }) => pods.length === 0)
}
