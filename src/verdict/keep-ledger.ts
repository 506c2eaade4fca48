import { sparseCount } from '../base/histogram.ts'
import type { ConnectionUse, EndedCounts, FrameEntry } from '../recording/entry.ts'
import type { Recording } from '../recording/recording.ts'
import type { Ledger } from './verdict.ts'

type Counts = Readonly<Record<string, number>>

/** Two ways to the same number. */
interface Identity {
  readonly left: string
  readonly leftCount: number
  readonly right: string
  readonly rightCount: number
}

/** Adds the frames up, and checks in integers that nothing is missing and nothing is counted twice. */
export function keepLedger(recording: Recording): Ledger {
  const { frames, plan } = recording
  const sent = frames.reduce((sum, frame) => sum + frame.sent, 0)
  const notSent = addUp(frames.map((frame) => frame.notSent))
  const outcomes = outcomesOf(frames)
  // Where nobody could know the number before, what fell due is what was planned.
  const planned = plan.plannedRequests ?? frames.reduce((sum, frame) => sum + frame.due, 0)
  const imbalance = firstUnequal([
    identity('planned', planned, 'sent + not sent', sent + total(notSent)),
    identity('sent', sent, 'outcomes', total(outcomes)),
    ...threadIdentities(recording),
    ...sampleIdentities(frames),
    ...failureIdentities(recording, outcomes),
    ...tagIdentities(frames, outcomes),
  ])
  return {
    planned,
    sent,
    notSent,
    outcomes: Object.fromEntries(
      Object.entries(outcomes).sort(([left], [right]) => (left < right ? -1 : 1)),
    ),
    balances: imbalance === undefined,
    ...(imbalance !== undefined && { imbalance }),
  }
}

/** Sum of all counts. */
export const total = (counts: Counts): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

/** Requests that failed: every outcome but ok and cut off. */
export const failedIn = (outcomes: Counts): number =>
  total(outcomes) - (outcomes['ok'] ?? 0) - (outcomes['cut-off'] ?? 0)

/** Each thread's own books: what one lost, another must not make up for. */
function threadIdentities({ frames, plan }: Recording): Identity[] {
  const byThread = Map.groupBy(frames, ({ thread }) => thread ?? 0)
  return [...byThread].flatMap(([thread, own]) => {
    const sent = own.reduce((sum, frame) => sum + frame.sent, 0)
    const kept = sent + total(addUp(own.map((frame) => frame.notSent)))
    const planned = plan.plannedRequests
    return [
      identity(`thread ${thread}: sent`, sent, 'outcomes', total(outcomesOf(own))),
      // Thread i of n takes the requests i, i + n, i + 2n …
      ...(planned === undefined
        ? []
        : [
            identity(
              `thread ${thread}: planned`,
              Math.max(0, Math.ceil((planned - thread) / byThread.size)),
              'sent + not sent',
              kept,
            ),
          ]),
    ]
  })
}

/** Every answer is one sample of both times, apart for new and reused connections. */
function sampleIdentities(frames: readonly FrameEntry[]): Identity[] {
  return (['new', 'reused'] as const).flatMap((use: ConnectionUse) => {
    const ended = frames.map((frame) => frame.ended[use])
    const answered = answersIn(addUp(ended.map(({ outcomes }) => outcomes)))
    const samples = (of: 'responseTime' | 'serviceTime') =>
      ended.reduce((sum, counts) => sum + sparseCount(counts[of]), 0)
    return [
      identity(
        `answers on ${use} connections`,
        answered,
        'response times',
        samples('responseTime'),
      ),
      identity(`answers on ${use} connections`, answered, 'service times', samples('serviceTime')),
    ]
  })
}

const answersIn = (outcomes: Counts): number =>
  ['ok', 'bad-status', 'bad-header', 'bad-body'].reduce(
    (sum, outcome) => sum + (outcomes[outcome] ?? 0),
    0,
  )

/** Every request that did not end well is listed, or counted as beyond the list. */
function failureIdentities({ failures, harness }: Recording, outcomes: Counts): Identity[] {
  const unlisted = addUp(harness.map(({ counts }) => counts ?? {}))
  const told = addUp([unlisted, ...failures.map(({ outcome }) => ({ [outcome]: 1 }))])
  const classes = new Set(
    [...Object.keys(outcomes), ...Object.keys(told)].filter((one) => one !== 'ok'),
  )
  return [...classes].map((one) =>
    identity(`outcomes ${one}`, outcomes[one] ?? 0, 'failures told', told[one] ?? 0),
  )
}

/** What is counted by tag is a part of the whole. */
function tagIdentities(frames: readonly FrameEntry[], outcomes: Counts): Identity[] {
  const tagged = addUp(
    frames.flatMap(({ byTag }) => Object.values(byTag ?? {}).map((ended) => ended.outcomes)),
  )
  return Object.entries(tagged).map(([outcome, count]) => {
    const within = Math.min(count, outcomes[outcome] ?? 0)
    return identity(`${outcome} by tag`, count, `at most those of ${outcome}`, within)
  })
}

const outcomesOf = (frames: readonly FrameEntry[]): Record<string, number> =>
  addUp(
    frames.flatMap(({ ended }): Counts[] =>
      [ended.new, ended.reused].map((counts: EndedCounts) => counts.outcomes),
    ),
  )

function addUp(parts: Iterable<Counts>): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const counts of parts) {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}

const identity = (
  left: string,
  leftCount: number,
  right: string,
  rightCount: number,
): Identity => ({ left, leftCount, right, rightCount })

function firstUnequal(identities: readonly Identity[]): string | undefined {
  const wrong = identities.find(({ leftCount, rightCount }) => leftCount !== rightCount)
  return wrong && `${wrong.left} ${wrong.leftCount} ≠ ${wrong.right} ${wrong.rightCount}`
}
