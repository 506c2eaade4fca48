import { bucketIndex } from '../../src/base/histogram.ts'
import type { EndedCounts, Entry, FailureEntry, FrameEntry } from '../../src/recording/entry.ts'
import { collectRecording, type Recording } from '../../src/recording/recording.ts'

export interface MadeLoad {
  readonly seconds?: number
  /** Put into every string that a server or a person gives. */
  readonly hostile?: string
  /** The load is stopped by a criterion at its end. */
  readonly isStopped?: boolean
}

const NONE: EndedCounts = {
  outcomes: {},
  statuses: {},
  responseTime: [],
  serviceTime: [],
  bytesIn: 0,
}

/**
 * Load alone as it could have been, always the same: 50 requests a second with two tags, of which one in each second is
 * reset and one answered with 503, on a machine that is a third busy.
 */
export function makeLoadEntries({ seconds = 10, hostile = '', isStopped }: MadeLoad = {}): Entry[] {
  const endUs = seconds * 1e6 + 50_000
  return [
    ...opening(seconds, hostile),
    { kind: 'phase', atUs: 0, phase: 'steady' },
    ...Array.from({ length: seconds * 10 }, (_, at) => at).flatMap((at) => [
      ...(at % 10 === 3 ? [failureAt(at, 'reset-before-response', hostile)] : []),
      ...(at % 10 === 7 ? [failureAt(at, 'bad-status', hostile)] : []),
      frameAt(at, hostile),
      ...(at % 10 === 9 ? [hostAt(at)] : []),
    ]),
    ...(isStopped ? [stopAt(seconds, hostile)] : []),
    { kind: 'harness', atUs: endUs, type: 'load-ended', message: 'the load has ended' },
    {
      kind: 'end',
      atUs: endUs,
      notRestored: [],
      ...(isStopped ? { reason: 'stopped', detail: 'it held' } : { reason: 'finished' }),
    },
  ]
}

/** The same, collected. */
export function makeLoadRecording(options: MadeLoad = {}): Recording {
  const recording = collectRecording(makeLoadEntries(options))
  if (!recording) throw new Error('a recording without head')
  return recording
}

function opening(seconds: number, hostile: string): Entry[] {
  return [
    {
      kind: 'meta',
      format: 2,
      podtankVersion: '0.1.0',
      runId: '0badcafe',
      startedAt: '2026-11-21T06:00:00.000Z',
      startedAtMonotonicUs: 1_000_000_000,
      command: ['podtank', 'load', `http://127.0.0.1:8080/${hostile}`],
      environment: {
        node: 'v24.21.0',
        platform: 'linux x64',
        cpu: 'Test CPU',
        cores: 2,
        cluster: 'none',
        limits: [],
      },
    },
    {
      kind: 'plan',
      atUs: 0,
      scenario: {
        name: `load${hostile}`,
        load: {
          schedule: [{ word: 'const', ratePerSecond: 50, durationUs: seconds * 1e6 }],
          connections: 'reuse',
          timeoutUs: 5_000_000,
          maxConnections: 4_096,
          identityHeader: 'x-pod-name',
          requests: [{ method: 'GET', path: '/', headers: {}, weight: 1, okStatuses: [] }],
        },
        steps: [],
        expectations: [],
        manifests: [],
      },
      address: 'http://127.0.0.1:8080',
      plannedRequests: seconds * 50,
      plannedDurationUs: seconds * 1e6,
    },
  ]
}

/** Five requests in 100 ms, the last of them the one that fails where one does. */
function frameAt(at: number, hostile: string): FrameEntry {
  const isReset = at % 10 === 3
  const isBad = at % 10 === 7
  const ok = isReset || isBad ? 4 : 5
  const answered = isReset ? 4 : 5
  const reused: EndedCounts = {
    outcomes: {
      ok,
      ...(isReset && { 'reset-before-response': 1 }),
      ...(isBad && { 'bad-status': 1 }),
    },
    statuses: { 200: ok, ...(isBad && { 503: 1 }) },
    responseTime: [bucketIndex(2_000), answered - 1, bucketIndex(30_000), 1],
    serviceTime: [bucketIndex(1_500), answered - 1, bucketIndex(29_000), 1],
    bytesIn: answered * 200,
  }
  const goods: EndedCounts = {
    outcomes: { ok: 3 },
    statuses: { 200: 3 },
    responseTime: [bucketIndex(2_000), 3],
    serviceTime: [bucketIndex(1_500), 3],
    bytesIn: 600,
  }
  return {
    kind: 'frame',
    atUs: at * 100_000,
    thread: 0,
    due: 5,
    sent: 5,
    notSent: {},
    late: 0,
    inFlight: 1,
    connections: 4,
    ended: { new: NONE, reused },
    byTag: { [`goods${hostile}`]: goods },
    sendLag: [bucketIndex(400), 5],
    loopDelayUs: 1_200,
    answeredBy: {},
  }
}

function failureAt(
  at: number,
  outcome: 'reset-before-response' | 'bad-status',
  hostile: string,
): FailureEntry {
  const dueAtUs = at * 100_000 + 80_000
  return {
    kind: 'failure',
    seq: at * 5 + 4,
    method: 'GET',
    dueAtUs,
    sentAtUs: dueAtUs + 400,
    endedAtUs: dueAtUs + 2_000,
    outcome,
    ...(outcome === 'bad-status' ? { status: 503 } : { detail: `ECONNRESET${hostile}` }),
    connection: 'reused',
    servedBefore: 7,
    connectionAgeUs: 1_000_000,
    bytesReceived: 0,
  }
}

const hostAt = (at: number): Entry => ({
  kind: 'host',
  atUs: (at + 1) * 100_000,
  busyShare: 0.33,
  stealShare: 0,
  fds: 40,
  fdLimit: 1_024,
  ports: 4,
  portRange: 28_232,
  rssBytes: 90_000_000,
})

const stopAt = (seconds: number, hostile: string): Entry => ({
  kind: 'stop',
  atUs: seconds * 1e6,
  criterion: `http(5xx,1,${seconds}s)${hostile}`,
  criterionKind: 'http',
  tankExitCode: 22,
  firstBadAtUs: 0,
  ratePerSecond: 50,
  seen: `1 × 5xx ≥ 1${hostile}`,
})
