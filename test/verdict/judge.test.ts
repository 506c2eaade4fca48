import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import type { EndEntry, Entry, FrameEntry } from '../../src/recording/entry.ts'
import { bucketIndex } from '../../src/base/histogram.ts'
import { exitCodeOf } from '../../src/verdict/exit-code.ts'
import { judge } from '../../src/verdict/judge.ts'
import { buildRecording, type RecordingSpec } from '../support/build-recording.ts'

const judged = (spec: RecordingSpec) => {
  const recording = buildRecording(spec)
  return judge(recording, analyse(recording))
}
const everyFrame = (change: Partial<FrameEntry>) => (frame: FrameEntry) => ({ ...frame, ...change })
const refusals = (spec: RecordingSpec) =>
  judged(spec)
    .validity.filter((check) => check.state === 'refuse')
    .map((check) => check.name)
const gap = (fromUs: number, toUs: number): Entry => ({
  kind: 'cluster',
  type: 'gap',
  atUs: toUs,
  gap: { resource: 'pods', fromUs, toUs, why: 'eof' },
})
const oneFailure = [{ outcome: 'refused', sentAtUs: 5_000_000 }] as const

describe('a verdict', () => {
  it('is passed when all is met, with the bound of what was not seen', () => {
    expect(judged({})).toMatchObject({
      outcome: 'passed',
      sentence: 'None of 100 requests failed, which leaves up to 3 % unseen at 95 % confidence.',
      ledger: { planned: 100, sent: 100, outcomes: { ok: 100 }, balances: true },
    })
  })

  it('is failed when an expectation is not met', () => {
    expect(judged({ failures: oneFailure })).toMatchObject({
      outcome: 'failed',
      expectations: [{ text: 'failed == 0', state: 'not-met', observed: '1' }],
      ledger: { outcomes: { ok: 99, refused: 1 } },
    })
  })

  it('is inconclusive when the books do not balance, with both sides', () => {
    const verdict = judged({ frame: everyFrame({ sent: 2 }) })
    expect(verdict.outcome).toBe('inconclusive')
    expect(verdict.ledger.imbalance).toBe('planned 100 ≠ sent + not sent 200')
  })

  it.each<[string, RecordingSpec]>([
    ['send lag p99', { frame: everyFrame({ sendLag: [2_000, 1, 9_000, 1] }) }],
    ['late sends', { frame: everyFrame({ late: 1 }) }],
    [
      'not sent',
      {
        frame: everyFrame({
          sent: 0,
          notSent: { 'connection-limit': 1 },
        }),
      },
    ],
    ['event-loop delay p99', { frame: everyFrame({ loopDelayUs: 60_000 }) }],
    ['generator failures', { failures: [{ outcome: 'generator', sentAtUs: 5_000_000 }] }],
    ['watch gaps', { failures: oneFailure, entries: [gap(4_000_000, 6_000_000)] }],
    [
      'load thread',
      {
        entries: [{ kind: 'harness', atUs: 1, type: 'load-thread-lost', message: 'out of memory' }],
      },
    ],
    ['recording', { withoutEnd: true }],
  ])('is inconclusive for bad %s', (name, spec) => {
    expect(refusals(spec)).toContain(name)
    expect(judged(spec).outcome).toBe('inconclusive')
  })

  it('only warns of a gap where nothing failed', () => {
    const verdict = judged({ entries: [gap(4_000_000, 6_000_000)] })
    expect(verdict.outcome).toBe('passed')
    expect(verdict.validity.find((check) => check.name === 'watch gaps')?.state).toBe('warn')
  })

  it('says of a failed step that it failed, and of a person that the run was interrupted', () => {
    const sentence = (end: Pick<EndEntry, 'reason' | 'detail'>) =>
      judged({ withoutEnd: true, entries: [{ kind: 'end', atUs: 1, notRestored: [], ...end }] })
        .sentence
    expect(sentence({ reason: 'step-failed', detail: 'step 2 (sh): exit code 3' })).toMatch(
      /^A step failed: step 2 \(sh\): exit code 3\. /,
    )
    expect(sentence({ reason: 'interrupted' })).toMatch(/^The run was interrupted\. /)
  })

  it('is aborted when a step failed or a person stopped it', () => {
    const end = (reason: 'interrupted' | 'step-failed'): Entry => ({
      kind: 'end',
      atUs: 1,
      reason,
      notRestored: [],
    })
    for (const reason of ['interrupted', 'step-failed'] as const) {
      expect(judged({ withoutEnd: true, entries: [end(reason)] }).outcome).toBe('aborted')
    }
  })
})

describe('an expectation', () => {
  const scale: Entry = {
    kind: 'step',
    atUs: 4_000_000,
    index: 0,
    label: 'scale to 1',
    disruptive: true,
    state: 'started',
  }
  const disruption: Entry = { kind: 'phase', atUs: 4_000_000, phase: 'disruption' }

  it.each([
    ['failed == 0', 'not-met', '1'],
    ['failed < 5%', 'met', '1 %'],
    ['failed{class=ref*} == 1', 'met', '1'],
    ['failed{class=reset*} == 0', 'met', '0'],
    ['failed == 0 during steady', 'met', '0'],
    ['failed == 0 during disruption', 'not-met', '1'],
    ['failed == 0 during restore', 'no-samples', 'no samples'],
    ['failed == 0 after scale', 'not-met', '1'],
    ['failed == 0 after restart', 'no-samples', 'no samples'],
    ['responseTime.p99 < 300ms', 'met', '100 ms'],
    ['responseTime.p50 < 50ms during steady', 'not-met', '100 ms'],
    ['responseTime.p50 < 1s during restore', 'no-samples', 'no samples'],
    ['recovery < 2s', 'met', '1.00 s'],
    ['recovery < 500ms', 'not-met', '1.00 s'],
  ])('%s is %s (%s)', (text, state, observed) => {
    const { expectations } = judged({
      expect: [text],
      failures: oneFailure,
      entries: [disruption, scale],
    })
    expect(expectations).toEqual([{ text, state, observed }])
  })

  it.each([
    ['p99 < 300ms', 'met', '100 ms'],
    ['serviceTime.p50 < 10ms', 'not-met', '20.0 ms'],
    ['responseTime.p99{connection=new} < 300ms', 'met', '100 ms'],
    ['responseTime.p99{connection=reused} < 300ms', 'no-samples', 'no samples'],
    ['p99{tag=pay} < 300ms', 'not-met', '500 ms'],
    ['p99{tag=p*} < 1s', 'met', '500 ms'],
    ['p99{tag=shop} < 300ms', 'no-samples', 'no samples'],
    ['rate >= 9.9/s', 'met', '10/s'],
    ['rate > 10/s', 'not-met', '10/s'],
    ['rate{tag=pay} == 10/s', 'met', '10/s'],
    ['failed{tag=pay} == 0', 'met', '0'],
    ['failed{tag=shop} == 0', 'no-samples', 'no samples'],
  ])('%s is %s (%s)', (text, state, observed) => {
    const pay = {
      outcomes: { ok: 1 },
      statuses: { 200: 1 },
      responseTime: [bucketIndex(500_000), 1],
      serviceTime: [bucketIndex(500_000), 1],
      bytesIn: 0,
    }
    const { expectations } = judged({
      expect: [text],
      load: "{ schedule: 'const(10,10s)', ammo: { file: a, format: uri } }",
      frame: (frame) => ({
        ...frame,
        byTag: { pay },
        ended: {
          ...frame.ended,
          new: { ...frame.ended.new, serviceTime: [bucketIndex(20_000), 1] },
        },
      }),
    })
    expect(expectations).toEqual([{ text, state, observed }])
  })

  it('about recovery has no samples without a disruption', () => {
    expect(judged({ expect: ['recovery < 1s'] }).expectations[0]?.state).toBe('no-samples')
  })
})

describe('an exit code', () => {
  it('says first that something could not be put back', () => {
    expect(
      exitCodeOf('passed', { kind: 'end', atUs: 0, reason: 'finished', notRestored: ['replicas'] }),
    ).toBe(12)
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['x', 130],
  ])('of a run stopped by %s is %i', (signal, code) => {
    expect(
      exitCodeOf('aborted', {
        kind: 'end',
        atUs: 0,
        reason: 'interrupted',
        signal,
        notRestored: [],
      }),
    ).toBe(code)
  })
})
