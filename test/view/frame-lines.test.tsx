import { renderToString } from 'ink'
import { describe, expect, it } from 'vitest'
import { entryAtUs } from '../../src/recording/recording.ts'
import { frameLines } from '../../src/view/frame/frame-lines.ts'
import { lineWidth } from '../../src/view/frame/line.ts'
import { Screen } from '../../src/view/screen.tsx'
import { NO_KEYS, pressKey, type ViewKeys } from '../../src/view/view-keys.ts'
import { EMPTY_VIEW, type ViewState, viewState } from '../../src/view/view-state.ts'
import { makeEntries } from '../support/make-recording.ts'

const WIDE_TEXT = '界🚀'

const stateAt = (us: number, hostile = ''): ViewState =>
  makeEntries({ hostile })
    .filter((entry) => entryAtUs(entry) < us)
    .reduce(viewState, EMPTY_VIEW)

function drawn(state: ViewState, columns: number, rows: number, keys: ViewKeys = NO_KEYS): string {
  const lines = frameLines(state, keys, { columns, rows })
  const text = renderToString(<Screen lines={lines} useColour={false} onKey={() => undefined} />, {
    columns,
  })
  return `${text}\n`
}

describe('a frame of the live view', () => {
  it.each([
    [80, 24],
    [200, 60],
  ])('is drawn whole at %i×%i', async (columns, rows) => {
    const frame = drawn(stateAt(6_000_000), columns, rows)
    await expect(frame).toMatchFileSnapshot(`frame-${columns}x${rows}.txt`)
  })

  it('is drawn before anything is known', async () => {
    await expect(drawn(EMPTY_VIEW, 80, 24)).toMatchFileSnapshot('frame-empty.txt')
  })

  it('explains keys and signs', async () => {
    const frame = drawn(stateAt(6_000_000), 80, 24, pressKey(NO_KEYS, '?', EMPTY_VIEW))
    await expect(frame).toMatchFileSnapshot('frame-help.txt')
  })

  it('never has more than rows − 1 lines nor a line too wide, whatever the size and the text', () => {
    const states = [EMPTY_VIEW, stateAt(6_000_000), stateAt(14_000_000, WIDE_TEXT.repeat(40))]
    const sizes = [0, 1, 2, 3, 5, 8, 13, 24, 60, 79, 132, 200]
    for (const state of states) {
      for (const columns of sizes) {
        for (const rows of sizes) {
          const lines = frameLines(state, NO_KEYS, { columns, rows })
          expect(lines.length).toBe(Math.min(lines.length, Math.max(0, rows - 1)))
          expect(Math.max(0, ...lines.map(lineWidth))).toBeLessThanOrEqual(columns)
        }
      }
    }
  })

  it('is drawn on a terminal of one column', () => {
    expect(drawn(stateAt(6_000_000), 1, 5)).toBe('…\n…\n…\n…\n')
  })

  it('never averages a spike away: a second of failures is as high at every scale', () => {
    const state = stateAt(11_900_000)
    const highest = [0, -1, -2, -3, -4, -5].map((zoom) => {
      const frame = drawn(state, 80, 40, { ...NO_KEYS, zoom })
      return Number(/fail ≤(\d+)\/s/.exec(frame)?.[1])
    })
    // In columns below a second the rate of the column itself: 20 in 0.2 s are 100 a second.
    expect(highest).toEqual([100, 67, 80, 40, 40, 40])
  })

  it('colours only when asked to', () => {
    const lines = frameLines(stateAt(6_000_000), NO_KEYS, { columns: 80, rows: 24 })
    const draw = (useColour: boolean) =>
      renderToString(<Screen lines={lines} useColour={useColour} onKey={() => undefined} />, {
        columns: 80,
      })
    expect(draw(false)).not.toContain('\u001b')
    expect(draw(true)).toContain('\u001b[31m')
  })
})
