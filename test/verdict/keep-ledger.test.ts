import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketIndex } from '../../src/base/histogram.ts'
import type { EndedCounts, Entry, FrameEntry } from '../../src/recording/entry.ts'
import { keepLedger } from '../../src/verdict/keep-ledger.ts'
import { buildRecording, type RecordingSpec } from '../support/build-recording.ts'

const imbalance = (spec: RecordingSpec) => keepLedger(buildRecording(spec)).imbalance
const refused = [{ outcome: 'refused', sentAtUs: 5_000_000 }] as const
const first = (change: (frame: FrameEntry) => Partial<FrameEntry>) => (frame: FrameEntry) =>
  frame.atUs === 0 ? { ...frame, ...change(frame) } : frame
const onNew = (frame: FrameEntry, change: Partial<EndedCounts>) => ({
  ended: { ...frame.ended, new: { ...frame.ended.new, ...change } },
})

describe('the books', () => {
  it('balance when every request is in one place', () => {
    expect(keepLedger(buildRecording({ failures: refused }))).toEqual({
      planned: 100,
      sent: 100,
      notSent: {},
      outcomes: { ok: 99, refused: 1 },
      balances: true,
    })
  })

  it.each<[string, RecordingSpec]>([
    ['planned 100 ≠ sent + not sent 99', { frame: first(() => ({ sent: 0 })) }],
    ['planned 100 ≠ sent + not sent 101', { frame: first(() => ({ notSent: { stopped: 1 } })) }],
    ['sent 100 ≠ outcomes 101', { frame: first((frame) => onNew(frame, { outcomes: { ok: 2 } })) }],
    [
      'answers on new connections 100 ≠ response times 101',
      { frame: first((frame) => onNew(frame, { responseTime: [bucketIndex(9), 2] })) },
    ],
    [
      'answers on new connections 100 ≠ service times 99',
      { frame: first((frame) => onNew(frame, { serviceTime: [] })) },
    ],
    [
      'outcomes bad-status 1 ≠ failures told 0',
      { frame: first((frame) => onNew(frame, { outcomes: { 'bad-status': 1 } })) },
    ],
    [
      'ok by tag 101 ≠ at most those of ok 100',
      {
        frame: first((frame) => ({
          byTag: { pay: { ...frame.ended.new, outcomes: { ok: 101 } } },
        })),
      },
    ],
  ])('say %s', (text, spec) => {
    expect(imbalance(spec)).toBe(text)
  })

  it('take failures that are only counted for told', () => {
    const frame = first((one) =>
      onNew(one, { outcomes: { refused: 1 }, responseTime: [], serviceTime: [] }),
    )
    const unlisted: Entry = {
      kind: 'harness',
      atUs: 1,
      type: 'failures-not-listed',
      message: '1 failure',
      counts: { refused: 1 },
    }
    expect(imbalance({ frame })).toBe('outcomes refused 1 ≠ failures told 0')
    expect(imbalance({ frame, entries: [unlisted] })).toBeUndefined()
  })

  it('are kept for each thread: what one lost, another must not make up for', () => {
    const recording = buildRecording()
    const frames = recording.frames.map((frame, at) => ({ ...frame, thread: at % 2 }))
    expect(keepLedger({ ...recording, frames }).balances).toBe(true)
    const swapped = frames.map((frame) => ({ ...frame, thread: frame.atUs < 6e6 ? 0 : 1 }))
    expect(keepLedger({ ...recording, frames: swapped }).imbalance).toBe(
      'thread 0: planned 50 ≠ sent + not sent 60',
    )
    const moved = frames.map((frame, at) =>
      at === 0 ? { ...frame, sent: 2 } : at === 1 ? { ...frame, sent: 0 } : frame,
    )
    expect(keepLedger({ ...recording, frames: moved }).imbalance).toBe(
      'thread 0: sent 51 ≠ outcomes 50',
    )
  })

  it('without a planned number take what fell due for it', () => {
    const recording = buildRecording()
    const { kind, atUs, scenario, address, plannedDurationUs } = recording.plan
    const plan = { kind, atUs, scenario, address, plannedDurationUs }
    const frames = recording.frames.slice(0, 40)
    expect(keepLedger({ ...recording, plan, frames })).toMatchObject({
      planned: 40,
      balances: true,
    })
  })

  it('never balance when any one count of any frame is off by one', () => {
    const counts = ['sent', 'notSent', 'ok', 'responseTime', 'serviceTime'] as const
    fc.assert(
      fc.property(fc.constantFrom(...counts), fc.nat(99), (count, at) => {
        const frame = (one: FrameEntry): FrameEntry => {
          if (one.atUs !== at * 100_000) return one
          if (count === 'sent') return { ...one, sent: one.sent + 1 }
          if (count === 'notSent') return { ...one, notSent: { generator: 1 } }
          const change =
            count === 'ok' ? { outcomes: { ok: 2 } } : { [count]: [bucketIndex(100_000), 2] }
          return { ...one, ...onNew(one, change) }
        }
        expect(keepLedger(buildRecording({ frame })).balances).toBe(false)
      }),
    )
  })
})
