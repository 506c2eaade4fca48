import type { PodFacts } from '../../src/cluster/cluster-change.ts'
import type { DeploymentFacts } from '../../src/cluster/workload-change.ts'
import { bucketIndex } from '../../src/base/histogram.ts'
import type { Entry, FailureEntry, FrameEntry } from '../../src/recording/entry.ts'
import { collectRecording, type Recording } from '../../src/recording/recording.ts'
import { readScenario } from '../../src/scenario/read-scenario.ts'

const SECOND = 1_000_000

/** What a test says of a run; everything else is plain and in order. */
export interface RecordingSpec {
  readonly through?: 'service/web' | 'ingress/web' | 'gateway/web'
  readonly expect?: readonly string[]
  /** The scenario's `load:`. */
  readonly load?: string
  readonly failures?: readonly (Partial<FailureEntry> &
    Pick<FailureEntry, 'outcome' | 'sentAtUs'>)[]
  readonly entries?: readonly Entry[]
  readonly seconds?: number
  readonly withoutEnd?: boolean
  /** Changes each frame before it is used. */
  readonly frame?: (frame: FrameEntry) => FrameEntry
}

/** A recording of a run at 10 requests a second that answers in 100 ms, with the failures that a test names. */
export function buildRecording(spec: RecordingSpec = {}): Recording {
  const seconds = spec.seconds ?? 10
  const failures = (spec.failures ?? []).map(wholeFailure)
  const entries: Entry[] = [
    {
      kind: 'meta',
      format: 1,
      podtankVersion: '0.0.0',
      runId: 'test',
      startedAt: '2026-01-01T00:00:00.000Z',
      startedAtMonotonicUs: 0,
      command: ['podtank'],
      environment: {
        node: 'v24',
        platform: 'linux',
        cpu: 'cpu',
        cores: 2,
        cluster: 'lab',
        limits: [],
      },
    },
    {
      kind: 'plan',
      atUs: 0,
      scenario: scenario(spec),
      namespace: 'default',
      address: 'http://127.0.0.1:80',
      plannedRequests: seconds * 10,
      plannedDurationUs: seconds * SECOND,
    },
    { kind: 'phase', atUs: 0, phase: 'steady' },
    ...Array.from({ length: seconds * 10 }, (_, at): Entry => {
      const plain = plainFrame(at * 100_000, failures)
      return spec.frame ? spec.frame(plain) : plain
    }),
    ...failures,
    ...(spec.entries ?? []).toSorted((left, right) => atUsOf(left) - atUsOf(right)),
    ...(spec.withoutEnd === true
      ? []
      : [{ kind: 'end', atUs: seconds * SECOND, reason: 'finished', notRestored: [] } as const]),
  ]
  const recording = collectRecording(entries)
  if (!recording) throw new Error('no meta or plan')
  return recording
}

const atUsOf = (entry: Entry): number => ('atUs' in entry ? entry.atUs : 0)

function scenario({ through, expect, load }: RecordingSpec) {
  const read = readScenario(
    `podtank: 1
name: test
target: { workload: deployment/web, through: ${through ?? 'service/web'} }
load: ${load ?? "{ schedule: 'const(10,10s)' }"}
steps: [{ wait: 1s }, { scale: { replicas: 1 } }, { restart: {} }]
expect: ${JSON.stringify(expect ?? ['failed == 0'])}
`,
    'test.yaml',
  )
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value
}

let nextSeq = 0

function wholeFailure(
  part: Partial<FailureEntry> & Pick<FailureEntry, 'outcome' | 'sentAtUs'>,
): FailureEntry {
  return {
    kind: 'failure',
    seq: nextSeq++,
    method: 'GET',
    dueAtUs: part.sentAtUs,
    endedAtUs: part.sentAtUs + 1_000,
    connection: 'new',
    servedBefore: 0,
    connectionAgeUs: 0,
    bytesReceived: 0,
    ...part,
  }
}

/** One request a frame: the failure that is due in it, or one that went well. */
function plainFrame(atUs: number, failures: readonly FailureEntry[]): FrameEntry {
  const failure = failures.find((one) => one.dueAtUs >= atUs && one.dueAtUs < atUs + 100_000)
  const none = { outcomes: {}, statuses: {}, responseTime: [], serviceTime: [], bytesIn: 0 }
  return {
    kind: 'frame',
    atUs,
    due: 1,
    sent: 1,
    notSent: {},
    late: 0,
    inFlight: 0,
    connections: 1,
    ended: {
      new: failure
        ? { ...none, outcomes: { [failure.outcome]: 1 } }
        : {
            ...none,
            outcomes: { ok: 1 },
            statuses: { 200: 1 },
            responseTime: [bucketIndex(100_000), 1],
            serviceTime: [bucketIndex(100_000), 1],
          },
      reused: none,
    },
    sendLag: [500, 1],
    loopDelayUs: 100,
    answeredBy: {},
  }
}

export interface PodLife {
  readonly name: string
  readonly readyAt?: number
  readonly deletedAt?: number
  readonly exitedAt?: number
  readonly exitCode?: number
  readonly goneAt?: number
  readonly grace?: number
  readonly command?: readonly string[]
  readonly preStopSeconds?: number
  /** A preStop hook that is a command of unknown length. */
  readonly hasHook?: true
  readonly probe?: boolean
  /** When Ready was lost while it was ending. */
  readonly unreadyAt?: number
  /** Of the condition DisruptionTarget, from the deletion on. */
  readonly disruption?: string
  /** The container ends by itself, or for a probe, and is back in a second life. */
  readonly exit?: {
    readonly at: number
    readonly backAt: number
    readonly exitCode: number
    readonly reason: string
    /** The kubelet's stamp. */
    readonly finishedAt?: string
  }
  /** Not Ready in between, though nothing happened to the container. */
  readonly unready?: { readonly from: number; readonly to: number }
}

/** The entries that a watch gives for a pod's life; instants in seconds. */
export function podLife(life: PodLife): Entry[] {
  const { name, readyAt = 0 } = life
  const base: PodFacts = {
    name,
    uid: name,
    phase: 'Running',
    ready: true,
    graceSeconds: life.grace ?? 30,
    containers: [
      {
        name: 'web',
        image: 'web:1',
        ...(life.command && { command: life.command }),
        ...(life.preStopSeconds !== undefined && {
          preStop: { kind: 'sleep', seconds: life.preStopSeconds },
        }),
        ...(life.hasHook && { preStop: { kind: 'exec' } }),
        ...(life.probe !== false && { readinessProbe: 'httpGet' }),
        ready: true,
        restartCount: 0,
        state: 'running',
      },
    ],
  }
  const at = (
    seconds: number | undefined,
    pod: PodFacts,
    change: 'appeared' | 'changed' | 'gone',
  ): Entry[] =>
    seconds === undefined
      ? []
      : [{ kind: 'cluster', type: 'pod', atUs: seconds * SECOND, change, pod }]
  const deleted: PodFacts = {
    ...base,
    deletionTimestamp: 'then',
    deletionGracePeriodSeconds: life.grace ?? 30,
    ...(life.disruption !== undefined && { disruption: life.disruption }),
  }
  const exited: PodFacts = {
    ...deleted,
    ready: false,
    containers: base.containers.map((container) => ({
      ...container,
      state: 'terminated',
      exitCode: life.exitCode ?? 0,
      reason: (life.exitCode ?? 0) === 0 ? 'Completed' : 'Error',
    })),
  }
  return [
    ...(readyAt > 0
      ? at(Math.max(0, readyAt - 0.5), { ...base, ready: false, phase: 'Pending' }, 'appeared')
      : []),
    ...at(readyAt, base, readyAt > 0 ? 'changed' : 'appeared'),
    ...at(life.unready?.from, { ...base, ready: false }, 'changed'),
    ...at(life.unready?.to, base, 'changed'),
    ...(life.exit ? exitOf(life.exit, base, at) : []),
    ...at(life.deletedAt, deleted, 'changed'),
    ...at(life.unreadyAt, { ...deleted, ready: false }, 'changed'),
    ...at(life.exitedAt, exited, 'changed'),
    ...at(life.goneAt, exited, 'gone'),
  ]
}

function exitOf(
  exit: NonNullable<PodLife['exit']>,
  base: PodFacts,
  at: (seconds: number, pod: PodFacts, change: 'changed') => Entry[],
): Entry[] {
  const { exitCode, reason, finishedAt } = exit
  const withContainer = (
    more: Partial<PodFacts['containers'][number]>,
    ready: boolean,
  ): PodFacts => ({
    ...base,
    ready,
    containers: base.containers.map((container) => ({ ...container, ...more, ready })),
  })
  const ended = { exitCode, reason, ...(finishedAt !== undefined && { finishedAt }) }
  return [
    ...at(exit.at, withContainer({ state: 'terminated', ...ended }, false), 'changed'),
    ...at(exit.backAt, withContainer({ restartCount: 1, lastExit: ended }, true), 'changed'),
  ]
}

/** An Event about a pod. */
export const podEvent = (
  seconds: number,
  objectName: string,
  reason: string,
  message = '',
): Entry => ({
  kind: 'cluster',
  type: 'reported-event',
  atUs: seconds * SECOND,
  event: { reason, message, severity: 'Normal', objectKind: 'Pod', objectName, count: 1 },
})

/** The Deployment from an instant on: three replicas, all well, but for what a test says. */
export const deployment = (seconds: number, more: Partial<DeploymentFacts> = {}): Entry => ({
  kind: 'cluster',
  type: 'deployment',
  atUs: seconds * SECOND,
  change: 'changed',
  deployment: {
    name: 'web',
    uid: 'web',
    generation: 1,
    observedGeneration: 1,
    specReplicas: 3,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    strategy: 'RollingUpdate',
    ...more,
  },
})

/** An EndpointSlice whose ready endpoints are these pods, from an instant on. */
export const endpoints = (seconds: number, ...pods: readonly string[]): Entry => ({
  kind: 'cluster',
  type: 'endpoint-slice',
  atUs: seconds * SECOND,
  change: 'changed',
  slice: {
    name: 'web-1',
    service: 'web',
    endpoints: pods.map((podName) => ({
      address: '10.0.0.1',
      podName,
      ready: true,
      serving: true,
      terminating: false,
    })),
  },
})
