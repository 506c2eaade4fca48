import { bucketIndex } from '../../../src/base/histogram.ts'
import { type EndedCounts, FRAME_US, type LoadFrame } from '../../../src/load/load-frame.ts'
import type { LoadSpec, StopCriterion } from '../../../src/scenario/scenario.ts'
import { readStopCriterion } from '../../../src/scenario/read-stop-criterion.ts'

/** What a frame holds, as a test wants to say it. */
export interface Told {
  readonly due?: number
  readonly statuses?: Readonly<Record<string, number>>
  /** Beside the answers with a status. */
  readonly failures?: Readonly<Record<string, number>>
  /** Response times of the answers, ms. */
  readonly timesMs?: readonly number[]
  readonly tags?: Readonly<Record<string, Omit<Told, 'tags'>>>
  readonly inFlight?: number
  readonly connections?: number
  readonly users?: number
  readonly sendLagMs?: number
  readonly thread?: number
}

/** When the load of these tests begins, µs since the run began. */
export const STARTS_AT_US = 700_000

export function ended({ statuses = {}, failures = {}, timesMs = [] }: Told): EndedCounts {
  const answers = Object.values(statuses).reduce((sum, count) => sum + count, 0)
  const times = timesMs
    .map((ms) => [bucketIndex(ms * 1_000), 1] as const)
    .sort(([left], [right]) => left - right)
  return {
    outcomes: { ...(answers > 0 && { ok: answers }), ...failures },
    statuses,
    responseTime: times.flat(),
    serviceTime: times.flat(),
    bytesIn: 0,
  }
}

const NOTHING = ended({})

/** Frame number `index` of the load. */
export function makeFrame(index: number, told: Told): LoadFrame {
  const { tags, sendLagMs } = told
  return {
    atUs: STARTS_AT_US + index * FRAME_US,
    due: told.due ?? 0,
    sent: told.due ?? 0,
    notSent: {},
    late: 0,
    inFlight: told.inFlight ?? 0,
    connections: told.connections ?? 0,
    ended: { new: NOTHING, reused: ended(told) },
    sendLag: sendLagMs === undefined ? [] : [bucketIndex(sendLagMs * 1_000), 1],
    loopDelayUs: 0,
    answeredBy: {},
    ...(told.users !== undefined && { users: told.users }),
    ...(told.thread !== undefined && { thread: told.thread }),
    ...(tags && {
      byTag: Object.fromEntries(Object.entries(tags).map(([tag, of]) => [tag, ended(of)])),
    }),
  }
}

export const LOAD: LoadSpec = {
  schedule: [{ word: 'const', ratePerSecond: 100, durationUs: 60_000_000 }],
  connections: 'reuse',
  timeoutUs: 5_000_000,
  maxConnections: 200,
  identityHeader: 'x-pod-name',
  requests: [],
}

/** A criterion that must be readable. */
export function criterion(text: string): StopCriterion {
  const read = readStopCriterion(text)
  if (typeof read === 'string') throw new Error(read)
  return read
}
