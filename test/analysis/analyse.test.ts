import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { isShellForm } from '../../src/analysis/pod-stories.ts'
import type { Entry } from '../../src/recording/entry.ts'
import {
  buildRecording,
  endpoints,
  podLife,
  type RecordingSpec,
} from '../support/build-recording.ts'
import { at, cut, onPod, refused } from '../support/failure-specs.ts'

/** Two pods; b is deleted at second 3, with what a test says of its end. */
const ending = (life: Partial<Parameters<typeof podLife>[0]> = {}): Entry[] => [
  ...podLife({ name: 'a' }),
  ...podLife({ name: 'b', deletedAt: 3, exitedAt: 3.5, goneAt: 3.7, ...life }),
  endpoints(0, 'a', 'b'),
  endpoints(3.05, 'a'),
]

const causes = (spec: RecordingSpec) =>
  analyse(buildRecording(spec)).causes.map(({ cause, failed }) => `${cause} ${failed}`)

describe('the cause of a failure', () => {
  it.each<[string, RecordingSpec, string]>([
    [
      'a request cut at the stop signal',
      { entries: ending(), failures: [cut(2.9, 3.01)] },
      'INFLIGHT_CUT_AT_TERM 1',
    ],
    [
      'a body cut at the stop signal',
      { entries: ending(), failures: [cut(2.95, 3.01, { outcome: 'closed-in-body' })] },
      'INFLIGHT_CUT_AT_TERM 1',
    ],
    [
      'a body cut at the stop signal, of which a client that lags reads the end long after',
      {
        entries: ending(),
        failures: [cut(2.8, 6, { outcome: 'closed-in-body', answeredBy: 'b' })],
      },
      'INFLIGHT_CUT_AT_TERM 1',
    ],
    [
      'a connection refused after it',
      { entries: ending(), failures: [refused(3.3)] },
      'EXIT_BEFORE_DEREGISTER 1',
    ],
    [
      'a 502 by the ingress after it',
      {
        through: 'ingress/web',
        entries: ending(),
        failures: [{ outcome: 'bad-status', status: 502, sentAtUs: at(6) }],
      },
      'EXIT_BEFORE_DEREGISTER 1',
    ],
    ['the same 20 s later', { entries: ending(), failures: [refused(9)] }, 'unexplained 1'],
    [
      'SIGKILL with a request from before the signal',
      {
        entries: ending({ grace: 3, exitedAt: 6.3, goneAt: 6.5, exitCode: 137 }),
        failures: [cut(2.5, 6, onPod('b'))],
      },
      'SIGKILL_AT_GRACE_END 1',
    ],
    [
      'SIGKILL with a request from after it',
      {
        entries: ending({ grace: 3, exitedAt: 6.3, goneAt: 6.5, exitCode: 137 }),
        failures: [cut(5.9, 6, onPod('b'))],
      },
      'PID1_IGNORES_TERM 1',
    ],
    [
      'the same with a shell as PID 1',
      {
        entries: ending({
          grace: 3,
          exitedAt: 6.3,
          goneAt: 6.5,
          exitCode: 137,
          command: ['sh', '-c', 'server; true'],
        }),
        failures: [cut(5.9, 6, onPod('b'))],
      },
      'SHELL_SWALLOWS_TERM 1',
    ],
    [
      'the same with a pod that had stopped listening',
      {
        entries: ending({ grace: 3, exitedAt: 6.3, goneAt: 6.5, exitCode: 137, unreadyAt: 4 }),
        failures: [cut(5.9, 6, onPod('b'))],
      },
      'KEEPALIVE_PINNED_TO_TERMINATING 1',
    ],
    [
      'an old connection to a pod long out of the slice',
      { entries: ending({ exitedAt: 8, goneAt: 8.2 }), failures: [cut(7.9, 7.95, onPod('b'))] },
      'KEEPALIVE_PINNED_TO_TERMINATING 1',
    ],
    [
      'an old connection to a pod that stays',
      { entries: ending(), failures: [cut(8, 8.001, onPod('a'))] },
      'IDLE_KEEPALIVE_RACE 1',
    ],
    [
      'an error of a pod that is young',
      {
        entries: [...podLife({ name: 'a' }), ...podLife({ name: 'c', readyAt: 4 })],
        failures: [{ outcome: 'bad-status', status: 500, sentAtUs: at(5), answeredBy: 'c' }],
      },
      'NOT_READY_GETS_TRAFFIC 1',
    ],
    [
      'an error of a pod that is old',
      {
        entries: [...podLife({ name: 'a' })],
        failures: [{ outcome: 'bad-status', status: 500, sentAtUs: at(5), answeredBy: 'a' }],
      },
      'APP_ERROR 1',
    ],
    [
      'a connection refused by a young pod without a probe',
      {
        entries: [...podLife({ name: 'a' }), ...podLife({ name: 'c', readyAt: 4, probe: false })],
        failures: [refused(4.5)],
      },
      'NOT_READY_GETS_TRAFFIC 1',
    ],
    [
      'a 503 without an endpoint',
      {
        through: 'ingress/web',
        entries: [endpoints(0, 'a'), endpoints(3)],
        failures: [{ outcome: 'bad-status', status: 503, sentAtUs: at(9) }],
      },
      'NO_ENDPOINTS 1',
    ],
    [
      'our own limit',
      { failures: [{ outcome: 'generator', sentAtUs: at(5), detail: 'EMFILE' }] },
      'GENERATOR_LIMIT 1',
    ],
    ['nothing that was seen', { failures: [cut(5, 5.1)] }, 'unexplained 1'],
  ])('%s', (_what, spec, cause) => {
    expect(causes(spec)).toEqual([cause])
  })

  it('is never asked for what was cut off by ourselves', () => {
    expect(causes({ failures: [{ outcome: 'cut-off', sentAtUs: at(5) }] })).toEqual([])
  })
})

describe('failure windows', () => {
  it('join what is at most a second apart, and count where requests were due', () => {
    const { windows } = analyse(
      buildRecording({
        failures: [refused(2), refused(2.5), refused(3.4), { ...refused(6), endedAtUs: at(9) }],
      }),
    )
    expect(
      windows.map(({ number, fromUs, toUs, failed }) => [number, fromUs, toUs, failed]),
    ).toEqual([
      [1, at(2), at(3.4), 3],
      [2, at(6), at(6), 1],
    ])
  })
})

describe('drain times', () => {
  it('run from the deletion seen to the last request that came, and give the advice, which never shortens the grace', () => {
    const { drain, advice } = analyse(
      buildRecording({ entries: ending(), failures: [refused(3.3), refused(4.2)] }),
    )
    expect(drain).toEqual({
      pods: 1,
      new: { count: 1, p50Us: at(1.2), p95Us: at(1.2), maxUs: at(1.2) },
      gone: { count: 1, p50Us: at(0.7), p95Us: at(0.7), maxUs: at(0.7) },
    })
    // 1.2 s seen, but a Service may take 3 s; the grace of 30 s holds all of it.
    expect(advice).toMatchObject({ preStopSeconds: 3, graceSeconds: 30 })
  })

  it('advise more than the usual when more was seen', () => {
    const { advice } = analyse(buildRecording({ entries: ending(), failures: [refused(5.4)] }))
    expect(advice?.preStopSeconds).toBe(4)
  })
})

describe('a shell form', () => {
  it.each([
    [['sh', '-c', 'node server.js'], true],
    [['/bin/bash', '-ec', 'a && b'], true],
    [['sh', '-c', 'exec node server.js'], false],
    [['sh', '-c', 'prepare && exec node server.js'], false],
    [['node', 'server.js'], false],
    [[], false],
  ])('%j: %s', (command, isOne) => {
    expect(isShellForm(command)).toBe(isOne)
  })
})
