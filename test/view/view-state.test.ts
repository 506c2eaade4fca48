import { describe, expect, it } from 'vitest'
import { sparseCount, sparseQuantile } from '../../src/base/histogram.ts'
import type { Entry } from '../../src/recording/entry.ts'
import { entryAtUs } from '../../src/recording/recording.ts'
import { podsReady } from '../../src/view/status-line.ts'
import { EMPTY_VIEW, type ViewState, viewState } from '../../src/view/view-state.ts'
import { makeEntries } from '../support/make-recording.ts'

const fold = (entries: readonly Entry[]): ViewState => entries.reduce(viewState, EMPTY_VIEW)

const upTo = (us: number) => fold(makeEntries().filter((entry) => entryAtUs(entry) < us))

describe('the state of the view', () => {
  it('adds the frames up to the ledger of the run', () => {
    const { all } = fold(makeEntries())
    expect({ due: all.due, sent: all.sent }).toEqual({ due: 1_200, sent: 1_200 })
    expect(all.outcomes).toEqual({
      ok: 1_160,
      'reset-before-response': 10,
      'bad-status': 10,
      refused: 10,
      'closed-in-body': 10,
    })
    expect(all.statuses).toEqual({ 200: 1_160, 502: 10 })
    expect(sparseCount(all.responseTime)).toBe(1_170)
    expect(sparseQuantile(all.responseTime, 0.5)).toBeCloseTo(20_000, -2)
    expect(sparseQuantile(all.responseTime, 1)).toBeCloseTo(150_000, -3)
  })

  it('keeps each second and each tenth of it apart', () => {
    const { seconds } = fold(makeEntries())
    expect(seconds).toHaveLength(12)
    expect(seconds[3]?.outcomes).toEqual({ ok: 100 })
    expect(seconds[4]?.slots.map(({ failed }) => failed)).toEqual([
      10, 10, 10, 10, 0, 0, 0, 0, 0, 0,
    ])
    expect(seconds[4]?.slots.map(({ sent }) => sent)).toEqual(Array(10).fill(10))
  })

  it('forgets the histograms of seconds that are more than a minute old, and nothing else of them', () => {
    const { seconds, all } = fold(makeEntries({ seconds: 70 }))
    expect(
      seconds.map(({ responseTime }) => sparseCount(responseTime)).filter((count) => count > 0),
    ).toHaveLength(62)
    expect(seconds[0]?.sent).toBe(100)
    expect(sparseCount(all.responseTime)).toBe(6_970)
  })

  it('tells the life of a pod from what the watch saw of it', () => {
    const pod = fold(makeEntries()).pods.get('uid-9')
    expect(pod).toMatchObject({
      deletedUs: 4_010_000,
      killingUs: 4_015_000,
      exitedUs: 4_650_000,
      exitCode: 137,
      exitReason: 'Error',
      goneUs: 4_950_000,
      graceSeconds: 30,
    })
    expect(pod?.spans).toEqual([
      { fromUs: 10_000, condition: 'ready' },
      { fromUs: 4_010_000, condition: 'ending' },
      { fromUs: 4_650_000, condition: 'exited' },
      { fromUs: 4_950_000, condition: 'gone' },
    ])
  })

  it('counts failures at the pod that answered on the connection before', () => {
    const { pods } = fold(makeEntries())
    expect([...pods.values()].map(({ failed }) => failed)).toEqual([0, 3, 2, 3, 2, 2, 2, 2, 2, 2])
  })

  it('follows ready pods and endpoints', () => {
    expect(podsReady(upTo(4_000_000))).toBe(10)
    expect(podsReady(upTo(4_100_000))).toBe(1)
    expect(upTo(5_000_000).endpoints).toEqual([
      { atUs: 12_000, ready: 10 },
      { atUs: 4_050_000, ready: 1 },
    ])
  })

  it('follows the steps, those to come among them', () => {
    expect(upTo(4_500_000).steps.map(({ state }) => state)).toEqual(['done', 'done', 'started'])
    expect(upTo(1_000_000).steps.map(({ state }) => state)).toEqual([
      'started',
      'planned',
      'planned',
    ])
    expect(fold(makeEntries()).steps[1]).toMatchObject({ state: 'restored', endedUs: 4_004_000 })
  })

  it('adds up what several threads have in flight at the same instant', () => {
    const frame = makeEntries().find((entry) => entry.kind === 'frame')
    if (frame?.kind !== 'frame') throw new Error('no frame')
    const state = fold([frame, { ...frame, inFlight: 5 }, { ...frame, atUs: 100_000, inFlight: 1 }])
    expect(fold([frame, { ...frame, inFlight: 5 }]).gauges.inFlight).toBe(7)
    expect(state.gauges.inFlight).toBe(1)
  })

  it('leaves no control character of a foreign string in itself', () => {
    const state = fold(makeEntries({ hostile: '\u001b]0;title\u0007\r\b\u202e\u009b2J' }))
    const texts: string[] = []
    const collect = (_: string, value: unknown) => {
      if (typeof value === 'string') texts.push(value)
      return value
    }
    JSON.stringify(
      [{ ...state, seenFailures: [...state.seenFailures] }, [...state.pods.values()]],
      collect,
    )
    expect(texts).toContain('made\\u001b]0;title\\u0007\\u000d\\u0008\\u202e\\u009b2J')
    // eslint-disable-next-line no-control-regex
    expect(texts.filter((text) => /[\u0000-\u001f\u007f-\u009f\u202e]/.test(text))).toEqual([])
  })

  it('does not change the state before', () => {
    const entries = makeEntries()
    const before = upTo(4_000_000)
    const copy = structuredClone(before)
    fold(entries)
    entries.reduce(viewState, before)
    expect(before).toEqual(copy)
  })
})
