import { bucketIndex, type SparseHistogram } from '../../src/base/histogram.ts'
import type {
  ClusterEntry,
  EndedCounts,
  Entry,
  FailureEntry,
  FrameEntry,
  PodFacts,
} from '../../src/recording/entry.ts'
import { collectRecording, entryAtUs, type Recording } from '../../src/recording/recording.ts'

export interface MadeRecording {
  /** Put into every string that comes from the cluster, the network or the scenario. */
  readonly hostile?: string
  readonly seconds?: number
}

const PODS = 10
const SCALED_AT_US = 4_000_000

/**
 * A run as it could have been, always the same: 100 requests a second on 10 pods that are scaled to 1 after 4 s,
 * failures of four classes in the half second after it, a watch gap at 7 s, a restore at the end.
 */
export function makeEntries({ hostile = '', seconds = 12 }: MadeRecording = {}): Entry[] {
  const failures = madeFailures(hostile)
  const entries = [
    ...opening(hostile, seconds),
    ...clusterEntries(hostile),
    ...failures,
    ...frames(seconds, failures),
    ...steps(hostile, seconds),
  ]
  const isHead = ({ kind }: Entry) => kind === 'meta' || kind === 'plan'
  return [
    ...entries.filter(isHead),
    ...entries
      .filter((entry) => !isHead(entry))
      .sort((left, right) => recordedAtUs(left) - recordedAtUs(right)),
    { kind: 'end', atUs: (seconds + 2) * 1e6, reason: 'finished', notRestored: [] },
  ]
}

/** The same, collected. */
export function makeRecording(options: MadeRecording = {}): Recording {
  const recording = collectRecording(makeEntries(options))
  if (!recording) throw new Error('a recording without head')
  return recording
}

/** The same pods, watched and nothing else. */
export function makeWatchRecording(options: MadeRecording = {}): Recording {
  const recording = makeRecording(options)
  return {
    ...recording,
    plan: {
      ...recording.plan,
      podsOnly: { workload: `deployment/web${options.hostile ?? ''}` },
    },
    steps: [],
    frames: [],
    failures: [],
  }
}

/** A frame is written when its 100 ms are over. */
const recordedAtUs = (entry: Entry) => entryAtUs(entry) + (entry.kind === 'frame' ? 100_000 : 0)

function opening(hostile: string, seconds: number): Entry[] {
  return [
    {
      kind: 'meta',
      format: 1,
      podtankVersion: '0.1.0',
      runId: '0badcafe',
      startedAt: '2026-11-21T06:00:00.000Z',
      startedAtMonotonicUs: 1_000_000_000,
      command: ['podtank', 'run', `web.yaml${hostile}`],
      environment: {
        node: 'v24.21.0',
        platform: 'linux x64',
        cpu: `Test CPU${hostile}`,
        cores: 2,
        cluster: `lab${hostile}`,
        serverVersion: `v1.33.0${hostile}`,
        seed: 1,
        limits: [`A Service is a TCP proxy.${hostile}`],
      },
    },
    {
      kind: 'plan',
      atUs: 0,
      scenario: {
        name: `made${hostile}`,
        about: `a made run${hostile}`,
        changed: {
          workload: { kind: 'deployment', name: 'web' },
          through: { kind: 'service', name: 'web' },
        },
        load: {
          schedule: [{ word: 'const', ratePerSecond: 100, durationUs: seconds * 1e6 }],
          connections: 'both',
          timeoutUs: 5_000_000,
          maxConnections: 4_096,
          identityHeader: 'x-pod-name',
          requests: [{ method: 'GET', path: '/', headers: {}, weight: 1, okStatuses: [] }],
        },
        steps: [
          { type: 'wait', durationUs: SCALED_AT_US, label: `wait 4s${hostile}`, line: 10 },
          { type: 'scale', replicas: 1, label: `scale to 1${hostile}`, line: 11 },
          {
            type: 'wait-until',
            state: 'settled',
            timeoutUs: 300e6,
            label: 'wait settled',
            line: 12,
          },
        ],
        expectations: [
          {
            text: `failed == 0${hostile}`,
            metric: { name: 'failed' },
            filter: {},
            operator: '==',
            limit: 0,
            unit: 'count',
          },
        ],
        manifests: [],
      },
      namespace: `default${hostile}`,
      address: 'http://127.0.0.1:8080',
      plannedRequests: seconds * 100,
      plannedDurationUs: seconds * 1e6,
    },
  ]
}

const podName = (at: number, hostile: string) => `web-5d9c7b4f6d-pod${at}${hostile}`

function pod(
  at: number,
  hostile: string,
  more: Partial<PodFacts> = {},
  exitCode?: number,
): PodFacts {
  const isRunning = exitCode === undefined
  return {
    name: podName(at, hostile),
    uid: `uid-${at}`,
    phase: 'Running',
    ready: true,
    podIP: `127.77.0.${at + 2}`,
    graceSeconds: 30,
    ...more,
    containers: [
      {
        name: `web${hostile}`,
        image: `web:1${hostile}`,
        readinessProbe: 'httpGet',
        ready: isRunning,
        restartCount: 0,
        state: isRunning ? 'running' : 'terminated',
        ...(exitCode !== undefined && {
          exitCode,
          reason: `${exitCode === 0 ? 'Completed' : 'Error'}${hostile}`,
        }),
      },
    ],
  }
}

function slice(atUs: number, ready: number, hostile: string): ClusterEntry {
  return {
    kind: 'cluster',
    atUs,
    type: 'endpoint-slice',
    change: 'changed',
    slice: {
      name: `web-abcde${hostile}`,
      service: 'web',
      endpoints: Array.from({ length: PODS }, (_, at) => ({
        address: `127.77.0.${at + 2}`,
        podName: podName(at, hostile),
        ready: at < ready,
        serving: true,
        terminating: at >= ready,
      })),
    },
  }
}

function deployment(atUs: number, replicas: number): ClusterEntry {
  return {
    kind: 'cluster',
    atUs,
    type: 'deployment',
    change: 'changed',
    deployment: {
      name: 'web',
      uid: 'uid-web',
      generation: 1,
      observedGeneration: 1,
      specReplicas: replicas,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      strategy: 'RollingUpdate',
    },
  }
}

function clusterEntries(hostile: string): Entry[] {
  const numbers = Array.from({ length: PODS }, (_, at) => at)
  const ending = numbers.slice(1)
  const deletion = { deletionTimestamp: '2026-11-21T06:00:34Z', deletionGracePeriodSeconds: 30 }
  const changed = (
    atUs: number,
    facts: PodFacts,
    change: 'appeared' | 'changed' | 'gone' = 'changed',
  ): Entry => ({
    kind: 'cluster',
    atUs,
    type: 'pod',
    change,
    pod: facts,
  })
  return [
    deployment(8_000, PODS),
    ...numbers.map((at) => changed(10_000, pod(at, hostile), 'appeared')),
    slice(12_000, PODS, hostile),
    deployment(SCALED_AT_US + 5_000, 1),
    ...ending.map((at) => changed(SCALED_AT_US + 10_000, pod(at, hostile, deletion))),
    ...ending.map((at): Entry => ({
      kind: 'cluster',
      atUs: SCALED_AT_US + 15_000,
      type: 'reported-event',
      event: {
        reason: 'Killing',
        message: `Stopping container web${hostile}`,
        severity: 'Normal',
        objectKind: 'Pod',
        objectName: podName(at, hostile),
        count: 1,
      },
    })),
    slice(SCALED_AT_US + 50_000, 1, hostile),
    ...ending.flatMap((at) => {
      const exitUs = SCALED_AT_US + 200_000 + at * 50_000
      const exited = pod(
        at,
        hostile,
        { ...deletion, phase: 'Failed', ready: false },
        at === 9 ? 137 : 0,
      )
      return [changed(exitUs, exited), changed(exitUs + 300_000, exited, 'gone')]
    }),
    {
      kind: 'cluster',
      atUs: 8_500_000,
      type: 'gap',
      gap: {
        resource: `pods${hostile}`,
        fromUs: 7_000_000,
        toUs: 8_500_000,
        why: `watch closed${hostile}`,
      },
    },
  ]
}

const CLASSES = ['reset-before-response', 'bad-status', 'refused', 'closed-in-body'] as const

/** 40 failures, 10 ms apart, from the moment of the scaling on. */
function madeFailures(hostile: string): FailureEntry[] {
  return Array.from({ length: 40 }, (_, at): FailureEntry => {
    const outcome = CLASSES[Math.floor(at / 10)] ?? 'refused'
    const dueAtUs = SCALED_AT_US + at * 10_000
    return {
      kind: 'failure',
      seq: 400 + at,
      method: `GET${hostile}`,
      dueAtUs,
      sentAtUs: dueAtUs + 200,
      endedAtUs: dueAtUs + 30_000,
      outcome,
      ...(outcome === 'bad-status' && { status: 502 }),
      connection: at % 2 === 0 ? 'reused' : 'new',
      servedBefore: at % 2 === 0 ? 20 : 0,
      connectionAgeUs: 2_000_000,
      bytesReceived: 0,
      ...(at % 2 === 0 && { answeredBefore: podName(1 + (at % 9), hostile) }),
      detail: `ECONNRESET${hostile}`,
    }
  })
}

const times = (us: number, count: number): SparseHistogram =>
  count === 0 ? [] : [bucketIndex(us), count]

function ended(ok: number, failed: readonly FailureEntry[], us: number): EndedCounts {
  const outcomes: Record<string, number> = ok > 0 ? { ok } : {}
  for (const { outcome } of failed) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  const bad = failed.filter(({ outcome }) => outcome === 'bad-status').length
  return {
    outcomes,
    statuses: { ...(ok > 0 && { 200: ok }), ...(bad > 0 && { 502: bad }) },
    responseTime: times(us, ok + bad),
    serviceTime: times(us, ok + bad),
    bytesIn: ok * 200,
  }
}

/** Ten requests in each 100 ms, each answered in the same; slower while pods are ending. */
function frames(seconds: number, failures: readonly FailureEntry[]): FrameEntry[] {
  return Array.from({ length: seconds * 10 }, (_, at): FrameEntry => {
    const atUs = at * 100_000
    const failed = failures.filter(({ dueAtUs }) => Math.floor(dueAtUs / 100_000) === at)
    const failedNew = failed.filter(({ connection }) => connection === 'new')
    const failedReused = failed.filter(({ connection }) => connection === 'reused')
    const isSlow = atUs >= SCALED_AT_US && atUs < SCALED_AT_US + 1_000_000
    const us = isSlow ? 150_000 : 20_000
    return {
      kind: 'frame',
      atUs,
      due: 10,
      sent: 10,
      notSent: {},
      late: 0,
      inFlight: 2,
      connections: 7,
      ended: {
        new: ended(5 - failedNew.length, failedNew, us),
        reused: ended(5 - failedReused.length, failedReused, us),
      },
      sendLag: [bucketIndex(400), 10],
      loopDelayUs: 1_200,
      answeredBy: {},
    }
  })
}

function steps(hostile: string, seconds: number): Entry[] {
  const step = (
    atUs: number,
    index: number,
    label: string,
    state: 'started' | 'done' | 'restoring' | 'restored',
  ): Entry => ({
    kind: 'step',
    atUs,
    index,
    label: `${label}${hostile}`,
    disruptive: index === 1,
    state,
    ...(state === 'done' && index === 1 && { detail: `10 → 1 replicas${hostile}` }),
  })
  const loadEndUs = seconds * 1e6 + 100_000
  return [
    { kind: 'phase', atUs: 15_000, phase: 'steady' },
    step(16_000, 0, 'wait 4s', 'started'),
    step(SCALED_AT_US, 0, 'wait 4s', 'done'),
    step(SCALED_AT_US, 1, 'scale to 1', 'started'),
    { kind: 'phase', atUs: SCALED_AT_US, phase: 'disruption' },
    step(SCALED_AT_US + 4_000, 1, 'scale to 1', 'done'),
    step(SCALED_AT_US + 5_000, 2, 'wait settled', 'started'),
    step(SCALED_AT_US + 1_000_000, 2, 'wait settled', 'done'),
    {
      kind: 'harness',
      atUs: loadEndUs,
      type: 'load-ended',
      message: `the load has ended${hostile}`,
    },
    { kind: 'phase', atUs: loadEndUs, phase: 'restore' },
    step(loadEndUs, 1, 'scale to 1', 'restoring'),
    step(loadEndUs + 10_000, 1, 'scale to 1', 'restored'),
  ]
}
