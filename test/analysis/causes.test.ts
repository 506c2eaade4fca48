import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { CAUSE_IDS } from '../../src/analysis/analysis.ts'
import type { Entry } from '../../src/recording/entry.ts'
import {
  buildRecording,
  deployment,
  endpoints,
  podEvent,
  podLife,
  type RecordingSpec,
} from '../support/build-recording.ts'
import {
  at,
  cut,
  type FailureSpec,
  late,
  onPod,
  refused,
  status,
} from '../support/failure-specs.ts'

const wrongBody = (sent: number): FailureSpec => ({
  outcome: 'bad-body',
  status: 200,
  sentAtUs: at(sent),
  answeredBy: 'a',
})
const evicted = { deletedAt: 3, exitedAt: 3.5, goneAt: 3.7, disruption: 'EvictionByEvictionAPI' }
const crashed = { at: 3.5, backAt: 4, exitCode: 1, reason: 'Error' }
const noticedLate = (finishedAt: string) =>
  podLife({ name: 'b', exit: { ...crashed, at: 7, backAt: 8, finishedAt } })
const killed = (probe: string) =>
  podEvent(3, 'b', 'Killing', `Container web failed ${probe} probe, will be restarted`)
const ingress = { through: 'ingress/web' } as const

/** Two pods; b is deleted and gone soon after. */
const oneGone = (deletedAt = 3) => [
  ...podLife({ name: 'a' }),
  ...podLife({ name: 'b', deletedAt, exitedAt: deletedAt + 0.2, goneAt: deletedAt + 0.4 }),
  endpoints(0, 'a', 'b'),
  endpoints(deletedAt + 0.05, 'a'),
]
/** The only pod is deleted, and ends some seconds later. */
const lastGone = (deletedAt: number, exitedAt: number) => [
  ...podLife({ name: 'b', deletedAt, exitedAt, goneAt: exitedAt + 0.2 }),
  endpoints(0, 'b'),
  endpoints(deletedAt + 0.05),
]
/** The only pod of a Recreate Deployment is deleted; the next is not there yet. */
const recreated = [
  deployment(0, { strategy: 'Recreate' }),
  ...podLife({ name: 'a', deletedAt: 3, exitedAt: 4, goneAt: 4.1 }),
  endpoints(0, 'a'),
  endpoints(3),
]
/** A pod that stops listening when it is deleted, and is at work until SIGKILL. */
const deafUntilKilled = (deletedAt: number, killedAt: number) =>
  podLife({
    name: 'b',
    deletedAt,
    grace: killedAt - deletedAt,
    unreadyAt: deletedAt + 0.3,
    exitedAt: killedAt,
    goneAt: killedAt + 0.2,
    exitCode: 137,
  })
/** The only pod's container ended by itself, and was back at second 9. */
const downUntil9 = (...more: readonly Entry[]) => [
  ...podLife({ name: 'b', exit: { ...crashed, backAt: 9 } }),
  ...more,
  endpoints(0, 'b'),
  endpoints(3.2),
]

/** Signature of each cause (k8s-mechanics 5.2), and of one that looks like it. */
const CASES: readonly [string, RecordingSpec, string, readonly string[]][] = [
  [
    'a cut at the end of a grace that the hook had taken',
    {
      entries: podLife({
        name: 'b',
        deletedAt: 3,
        grace: 3,
        preStopSeconds: 5,
        exitedAt: 8.2,
        goneAt: 8.4,
        exitCode: 137,
      }),
      failures: [cut(7.5, 8, onPod('b'))],
    },
    'PRESTOP_LONGER_THAN_GRACE',
    ['b'],
  ],
  [
    'the same of a hook whose failure is told when the container ends',
    {
      entries: [
        ...podLife({
          name: 'b',
          deletedAt: 3,
          grace: 2,
          preStopSeconds: 5,
          exitedAt: 8,
          goneAt: 8.2,
          exitCode: 137,
        }),
        podEvent(3, 'b', 'Killing', 'Stopping container web'),
        podEvent(7, 'b', 'FailedPreStopHook'),
      ],
      failures: [cut(4.5, 7)],
    },
    'PRESTOP_LONGER_THAN_GRACE',
    ['b'],
  ],
  [
    'a request turned away where the hook failed',
    {
      entries: [
        ...podLife({ name: 'b', deletedAt: 3, preStopSeconds: 5, exitedAt: 4, goneAt: 4.2 }),
        podEvent(3.1, 'b', 'Killing', 'Stopping container web'),
        podEvent(3.2, 'b', 'FailedPreStopHook'),
      ],
      failures: [refused(3.5)],
    },
    'PRESTOP_FAILED',
    ['b'],
  ],
  [
    'the same where the hook did not fail, after it',
    {
      entries: podLife({ name: 'b', deletedAt: 3, preStopSeconds: 1, exitedAt: 5, goneAt: 5.2 }),
      failures: [refused(4.5)],
    },
    'EXIT_BEFORE_DEREGISTER',
    ['b'],
  ],
  [
    'a connection that a pod’s address no longer answers',
    {
      entries: podLife({ name: 'b', deletedAt: 3, exitedAt: 3.5, goneAt: 3.7 }),
      failures: [{ outcome: 'unreachable', sentAtUs: at(3.8), endedAtUs: at(4.8) }],
    },
    'EXIT_BEFORE_DEREGISTER',
    ['b'],
  ],
  [
    'a request cut by a deletion with grace 0',
    {
      entries: podLife({ name: 'b', deletedAt: 3, grace: 0, goneAt: 3.01 }),
      failures: [cut(2.9, 4)],
    },
    'FORCE_DELETED',
    ['b'],
  ],
  [
    'no endpoint between the old pods and the new ones of a Recreate',
    { ...ingress, entries: recreated, failures: [status(5, 503)] },
    'RECREATE_GAP',
    ['a'],
  ],
  [
    'a 404 of a proxy that has dropped its route with the last endpoint',
    { ...ingress, entries: recreated, failures: [status(5, 404)] },
    'RECREATE_GAP',
    ['a'],
  ],
  [
    'the same when it was scaled to zero',
    {
      ...ingress,
      entries: [
        deployment(0, { strategy: 'Recreate' }),
        deployment(3, { strategy: 'Recreate', specReplicas: 0 }),
        ...podLife({ name: 'a', deletedAt: 3, exitedAt: 4, goneAt: 4.1 }),
        endpoints(0, 'a'),
        endpoints(3),
      ],
      failures: [status(5, 503)],
    },
    'NO_ENDPOINTS',
    [],
  ],
  [
    'no endpoint long after evicted pods had been replaced',
    {
      entries: [
        ...podLife({ name: 'a', ...evicted }),
        ...podLife({ name: 'b', ...evicted }),
        ...podLife({ name: 'c', readyAt: 4, deletedAt: 8, exitedAt: 8.2, goneAt: 8.4 }),
        ...podLife({ name: 'd', readyAt: 4, deletedAt: 8, exitedAt: 8.2, goneAt: 8.4 }),
        endpoints(0, 'a', 'b'),
        endpoints(3),
        endpoints(4, 'c', 'd'),
        endpoints(8),
      ],
      failures: [refused(9)],
    },
    'NO_ENDPOINTS',
    [],
  ],
  [
    'no endpoint after all pods were evicted',
    {
      ...ingress,
      entries: [
        ...podLife({ name: 'a', ...evicted }),
        ...podLife({ name: 'b', ...evicted }),
        endpoints(0, 'a', 'b'),
        endpoints(3),
      ],
      failures: [status(5, 503)],
    },
    'DRAIN_WITHOUT_PDB',
    ['a', 'b'],
  ],
  [
    'a connection refused by a pod that crashed',
    { entries: podLife({ name: 'b', exit: crashed }), failures: [refused(3)] },
    'CRASH',
    ['b'],
  ],
  [
    'the same long after it was back',
    { entries: podLife({ name: 'b', exit: crashed }), failures: [refused(8)] },
    'unexplained',
    [],
  ],
  [
    'one refused before a busy kubelet noticed, by its stamp',
    { entries: noticedLate('2026-01-01T00:00:03Z'), failures: [refused(3.5)] },
    'CRASH',
    ['b'],
  ],
  [
    'the same by a stamp that cannot be of this clock',
    { entries: noticedLate('2025-12-31T23:59:00Z'), failures: [refused(3.5)] },
    'unexplained',
    [],
  ],
  [
    'no endpoint while the only pod was down',
    {
      ...ingress,
      entries: downUntil9(),
      failures: [status(7, 503)],
    },
    'CRASH',
    ['b'],
  ],
  [
    'a request cut by the kernel’s memory killer',
    {
      entries: podLife({ name: 'b', exit: { ...crashed, exitCode: 137, reason: 'OOMKilled' } }),
      failures: [cut(2.5, 3.2, onPod('b'))],
    },
    'OOM',
    ['b'],
  ],
  [
    'a request cut by a restart for the liveness probe',
    {
      entries: [...podLife({ name: 'b', exit: crashed }), killed('liveness')],
      failures: [cut(2.5, 3.2)],
    },
    'LIVENESS_RESTART',
    ['b'],
  ],
  [
    'no endpoint while the startup probe had the only pod killed again',
    {
      ...ingress,
      entries: downUntil9(killed('startup')),
      failures: [status(7, 503)],
    },
    'STARTUP_KILL',
    ['b'],
  ],
  [
    'no endpoint while the only pod lived but was not Ready',
    {
      ...ingress,
      entries: [
        ...podLife({ name: 'b', unready: { from: 3, to: 6 } }),
        endpoints(0, 'b'),
        endpoints(3),
        endpoints(6, 'b'),
      ],
      failures: [status(4, 503)],
    },
    'READINESS_FLAP',
    ['b'],
  ],
  [
    'late answers of too few pods beside new ones that never become ready',
    {
      entries: [
        deployment(0),
        deployment(4, { deadlineExceeded: true, availableReplicas: 1 }),
        ...podLife({ name: 'a' }),
        ...podLife({ name: 'c', readyAt: 9 }).slice(0, 1),
        endpoints(0, 'a', 'b', 'd'),
        endpoints(3, 'a'),
      ],
      failures: [late(6)],
    },
    'ROLLOUT_STUCK',
    [],
  ],
  [
    'late answers of too few pods',
    {
      entries: [...podLife({ name: 'a' }), endpoints(0, 'a', 'b', 'c'), endpoints(3, 'a')],
      failures: [late(6, onPod('a'))],
    },
    'CAPACITY_DROP',
    [],
  ],
  [
    'late answers of all the pods',
    { entries: [...podLife({ name: 'a' }), endpoints(0, 'a')], failures: [late(6)] },
    'unexplained',
    [],
  ],
  [
    'late answers of a new pod',
    {
      entries: [
        ...podLife({ name: 'a' }),
        ...podLife({ name: 'c', readyAt: 4 }),
        endpoints(0, 'a'),
      ],
      failures: [late(4.2)],
    },
    'SLOW_WARMUP',
    ['c'],
  ],
  [
    'a gateway that still asks a pod long gone',
    {
      ...ingress,
      entries: oneGone(1),
      failures: [status(9, 502)],
    },
    'LB_DEREGISTER_SLOW',
    ['b'],
  ],
  [
    'the same for a POST alone, which a stale connection explains',
    {
      ...ingress,
      entries: oneGone(1),
      failures: [status(9, 502, { method: 'POST' })],
    },
    'IDLE_KEEPALIVE_RACE',
    [],
  ],
  [
    'an old connection to a pod that is gone, from which nothing comes',
    {
      entries: podLife({ name: 'b', deletedAt: 3, exitedAt: 3.5, goneAt: 3.7 }),
      failures: [late(4, onPod('b'))],
    },
    'CONNTRACK_BLACKHOLE',
    ['b'],
  ],
  [
    'a new connection reset at once by a proxy, when all its endpoints are terminating',
    {
      entries: lastGone(1, 5),
      failures: [cut(5, 5.001)],
    },
    'NO_ENDPOINTS',
    [],
  ],
  [
    'a 502 by the server in front, of the one that was cut behind it in the same pod',
    {
      entries: podLife({ name: 'b', deletedAt: 3, exitedAt: 4, goneAt: 4.2 }),
      failures: [status(2.5, 502, { endedAtUs: at(3.1), answeredBy: 'b' })],
    },
    'INFLIGHT_CUT_AT_TERM',
    ['b'],
  ],
  [
    'a gateway that asks a pod just gone, and does so long after',
    {
      ...ingress,
      entries: oneGone(1),
      failures: [status(2, 502), status(9, 502)],
    },
    'LB_DEREGISTER_SLOW',
    ['b'],
  ],
  [
    'a wrong body with no pod removed',
    { entries: podLife({ name: 'a' }), failures: [wrongBody(4)] },
    'APP_ERROR',
    ['a'],
  ],
  [
    'wrong bodies since a pod was removed',
    {
      entries: [
        ...podLife({ name: 'a' }),
        ...podLife({ name: 'b', deletedAt: 3, exitedAt: 3.5, goneAt: 3.7 }),
      ],
      failures: [wrongBody(6)],
    },
    'STALE_DISCOVERY',
    ['b'],
  ],
  [
    'a body cut after the stop signal was due, by a process that ended later',
    {
      entries: oneGone(),
      failures: [cut(3.1, 3.3, { outcome: 'closed-in-body', status: 200, bytesReceived: 9 })],
    },
    'INFLIGHT_CUT_AT_TERM',
    ['b'],
  ],
  [
    'requests cut after a hook of unknown length',
    {
      entries: podLife({ name: 'b', deletedAt: 3, hasHook: true, exitedAt: 5.5, goneAt: 5.7 }),
      failures: [cut(4.9, 5), cut(4.8, 5.01)],
    },
    'INFLIGHT_CUT_AT_TERM',
    ['b'],
  ],
  [
    'a gateway’s 502 just at the stop signal, of a pod that was not seen to cut what it works on',
    { ...ingress, entries: oneGone(), failures: [status(2.99, 502, { endedAtUs: at(3.02) })] },
    'EXIT_BEFORE_DEREGISTER',
    ['b'],
  ],
  [
    'the same beside a request that had been sent long before',
    {
      ...ingress,
      entries: oneGone(),
      failures: [
        status(2.99, 502, { endedAtUs: at(3.02) }),
        status(2.9, 502, { endedAtUs: at(3.01) }),
      ],
    },
    'INFLIGHT_CUT_AT_TERM',
    ['b'],
  ],
  [
    'requests cut in flight, of which the gateway tells only after it has tried pods that are gone',
    {
      ...ingress,
      entries: oneGone(),
      failures: [status(2.92, 502, { endedAtUs: at(3.01) }), late(2.91)],
    },
    'INFLIGHT_CUT_AT_TERM',
    ['b'],
  ],
  [
    'a gateway that finds no endpoint, after it has waited for the last pod, which is gone',
    {
      ...ingress,
      entries: lastGone(3, 3.3),
      failures: [status(3.4, 503, { endedAtUs: at(7) })],
    },
    'EXIT_BEFORE_DEREGISTER',
    ['b'],
  ],
  [
    'the same when it says so at once',
    { ...ingress, entries: lastGone(3, 3.3), failures: [status(3.4, 503)] },
    'NO_ENDPOINTS',
    [],
  ],
  [
    'time-outs at a pod that is gone, while a new one that is Ready has not been sent anything',
    {
      ...ingress,
      entries: [...oneGone(), ...podLife({ name: 'c', readyAt: 2.8 })],
      failures: [late(4)],
    },
    'EXIT_BEFORE_DEREGISTER',
    ['b'],
  ],
  [
    'a reused connection to a pod long out of the EndpointSlice, which another had left before',
    {
      entries: [
        ...podLife({ name: 'a', deletedAt: 1, exitedAt: 2, goneAt: 2.2 }),
        ...podLife({ name: 'b', deletedAt: 1, preStopSeconds: 5, exitedAt: 7, goneAt: 7.2 }),
        endpoints(0, 'a', 'b', 'c'),
        endpoints(1.05, 'c'),
      ],
      failures: [cut(6.2, 6.21, { connection: 'reused', servedBefore: 4 })],
    },
    'KEEPALIVE_PINNED_TO_TERMINATING',
    ['b'],
  ],
  [
    'a 503 of the ending pod itself, after its stop signal',
    {
      ...ingress,
      entries: [
        ...podLife({ name: 'a' }),
        ...podLife({ name: 'b', deletedAt: 3, exitedAt: 8, goneAt: 8.2 }),
        endpoints(0, 'a', 'b'),
        endpoints(3.05, 'a'),
      ],
      failures: [status(3.4, 503, { answeredBy: 'b' }), status(4, 503, { answeredBy: 'b' })],
    },
    'EXIT_BEFORE_DEREGISTER',
    ['b'],
  ],
  [
    'the same of a pod that goes on',
    { ...ingress, entries: oneGone(1), failures: [status(1.5, 503, { answeredBy: 'a' })] },
    'CAPACITY_DROP',
    ['a'],
  ],
  [
    'a 503 of a gateway that still sends to a pod that has ended',
    { ...ingress, entries: oneGone(), failures: [status(3.4, 503), status(5, 503)] },
    'EXIT_BEFORE_DEREGISTER',
    ['b'],
  ],
  [
    '503s that go on when every gateway has long forgotten the pod',
    {
      ...ingress,
      entries: oneGone(1),
      failures: [1.4, 8, 8.5, 9].map((sent) => status(sent, 503)),
    },
    'CAPACITY_DROP',
    [],
  ],
  [
    'a reused connection to a pod that stopped listening and was killed at the end of its grace',
    { entries: deafUntilKilled(3, 6), failures: [cut(5, 6, onPod('b'))] },
    'KEEPALIVE_PINNED_TO_TERMINATING',
    ['b'],
  ],
  [
    'the same of a new connection, which such a pod never took',
    { entries: deafUntilKilled(3, 6), failures: [cut(5, 5.01)] },
    'EXIT_BEFORE_DEREGISTER',
    ['b'],
  ],
]

describe('the cause of a failure', () => {
  it.each(CASES)('%s', (_what, spec, cause, pods) => {
    const { causes } = analyse(buildRecording(spec))
    expect(causes.map((found) => [found.cause, found.pods])).toEqual([[cause, pods]])
  })

  it.each([
    ['service/web', 'the Service'],
    ['ingress/web', 'the Ingress'],
    ['gateway/web', 'the Gateway'],
  ] as const)('behind %s names %s', (through, name) => {
    const spec = { through, entries: oneGone(), failures: [status(3.4, 502), refused(3.5)] }
    const { causes, advice } = analyse(buildRecording(spec))
    expect(causes[0]?.explanation).toContain(`while ${name} still sent it requests`)
    expect(advice?.text).toContain(`behind ${name} it can take`)
  })

  it('of a 503 without a pod’s name is the gateway’s where pods sign, though others go on', () => {
    const signed = { a: { new: 1, reused: 0 } }
    const { causes } = analyse(
      buildRecording({
        ...ingress,
        entries: oneGone(1),
        failures: [1.4, 8, 8.5, 9].map((sent) => status(sent, 503)),
        frame: (frame) => ({ ...frame, answeredBy: signed }),
      }),
    )
    expect(causes.map(({ cause, failed }) => [cause, failed])).toEqual([
      ['CAPACITY_DROP', 3],
      ['EXIT_BEFORE_DEREGISTER', 1],
    ])
  })

  it('is told with a title, an explanation, evidence and a fix, whichever it is', () => {
    for (const [what, spec] of CASES) {
      for (const found of analyse(buildRecording(spec)).causes) {
        expect(CAUSE_IDS, what).toContain(found.cause)
        expect(found.title, what).toMatch(/^[A-Z]/)
        expect(found.explanation, what).toMatch(/\.$/)
        expect(found.evidence.length, what).toBeGreaterThan(0)
        expect(found.fix.text, what).toMatch(/\.$/)
      }
    }
  })

  it('stays an error of the application when a 404 came before any endpoint was missing', () => {
    const { causes } = analyse(
      buildRecording({
        ...ingress,
        entries: [
          ...podLife({ name: 'a', deletedAt: 3, exitedAt: 4, goneAt: 4.1 }),
          endpoints(0, 'a'),
          endpoints(3),
        ],
        failures: [status(1, 404), status(5, 404)],
      }),
    )
    expect(causes.map(({ cause, failed }) => [cause, failed])).toEqual([['APP_ERROR', 2]])
  })

  it('stays an error of the application when wrong bodies came before any pod was removed', () => {
    const { causes } = analyse(
      buildRecording({
        entries: podLife({ name: 'b', deletedAt: 3, exitedAt: 3.5, goneAt: 3.7 }),
        failures: [wrongBody(2), wrongBody(6)],
      }),
    )
    expect(causes.map(({ cause, failed }) => [cause, failed])).toEqual([['APP_ERROR', 2]])
  })

  it('is what conntrack remembers when a port is taken again that had led to a pod that is gone', () => {
    const { causes } = analyse(
      buildRecording({
        entries: oneGone(1),
        failures: [1.8, 9].map((sent) => ({
          outcome: 'unreachable',
          sentAtUs: at(sent),
          localPort: 40_000,
        })),
      }),
    )
    expect(causes.map(({ cause, failed }) => [cause, failed])).toEqual([
      ['EXIT_BEFORE_DEREGISTER', 1],
      ['CONNTRACK_BLACKHOLE', 1],
    ])
    expect(causes[1]?.evidence).toHaveLength(1)
  })
})
