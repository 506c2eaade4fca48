import { renderToString } from 'ink'
import { describe, expect, it } from 'vitest'
import { frameLines } from '../../src/view/frame/frame-lines.ts'
import { lineWidth } from '../../src/view/frame/line.ts'
import { startPlainView } from '../../src/view/plain-view.ts'
import { Screen } from '../../src/view/screen.tsx'
import { NO_KEYS } from '../../src/view/view-keys.ts'
import {
  EMPTY_VIEW,
  type ViewState,
  viewState,
  withStopProgress,
} from '../../src/view/view-state.ts'
import { makeLoadEntries } from '../support/make-load-recording.ts'

const progress = [
  { text: 'http(5xx,1,10s)', heldUs: 6_000_000, windowUs: 10_000_000, seen: 'http 5xx 2 ≥ 1' },
  { text: 'quantile(95,250ms,3s)', heldUs: 0, windowUs: 3_000_000, seen: '' },
]

const stateOf = (seconds: number, hostile = ''): ViewState =>
  withStopProgress(makeLoadEntries({ seconds, hostile }).reduce(viewState, EMPTY_VIEW), progress)

function drawn(state: ViewState, columns: number, rows: number): string {
  const lines = frameLines(state, NO_KEYS, { columns, rows })
  const screen = <Screen lines={lines} useColour={false} onKey={() => undefined} />
  return `${renderToString(screen, { columns })}\n`
}

describe('the live view of load alone', () => {
  it.each([
    [80, 24],
    [200, 60],
  ])('is drawn whole at %i×%i, without a cluster', async (columns, rows) => {
    const frame = drawn(stateOf(10), columns, rows)
    expect(frame).not.toMatch(/pods|endpoints|steps|restore/)
    await expect(frame).toMatchFileSnapshot(`load-frame-${columns}x${rows}.txt`)
  })

  it('never has a line too wide, whatever the size and the text', () => {
    const state = stateOf(3, '界🚀'.repeat(40))
    for (const columns of [0, 1, 5, 24, 79, 131, 132, 200]) {
      for (const rows of [0, 1, 5, 24, 60]) {
        const lines = frameLines(state, NO_KEYS, { columns, rows })
        expect(lines.length).toBeLessThanOrEqual(Math.max(0, rows - 1))
        expect(Math.max(0, ...lines.map(lineWidth))).toBeLessThanOrEqual(columns)
      }
    }
  })

  it('shows plain lines without phase, pods and endpoints', () => {
    const lines: string[] = []
    const view = startPlainView((line) => lines.push(line))
    for (const entry of makeLoadEntries({ seconds: 2 })) view.entry(entry)
    void view.close()
    expect(lines).toEqual([
      '   0.0 s  load: 100 requests in 2.00 s to http://127.0.0.1:8080',
      '   0.4 s  first reset-before-response: GET on a reused connection, ECONNRESET',
      '   0.8 s  first bad-status 503: GET on a reused connection',
      '   1.0 s     50.0/s  ok 48  failed 2  p50 2.00 ms p99 30.0 ms  in flight 1',
      '   2.0 s     50.0/s  ok 96  failed 4  p50 2.00 ms p99 30.0 ms  in flight 1',
      '   2.0 s  the load has ended',
      '   2.0 s  run finished',
    ])
  })

  it('keeps little of hours: tenths of the last minutes only, histograms of the last one', () => {
    const state = makeLoadEntries({ seconds: 2_000 }).reduce(viewState, EMPTY_VIEW)
    expect(state.seconds.length).toBe(2_000)
    expect(state.seconds.filter(({ slots }) => slots.length > 1).length).toBeLessThanOrEqual(601)
    expect(state.seconds.filter((one) => one.responseTime.length > 0).length).toBeLessThanOrEqual(
      63,
    )
    expect(state.seconds[0]?.slots).toEqual([{ sent: 50, failed: 2 }])
  })
})
