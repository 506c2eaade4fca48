import { element, type Markup } from '../markup.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { TALL_LANE } from './lane-height.ts'
import { laneName } from './lane-name.ts'
import { isVisible, RIGHT_MARGIN, tenth, type Viewport, xOf } from './viewport.ts'

/** Send lag above this makes a run inconclusive (verdict/check-validity). */
const ALLOWED_LAG_US = 20_000
/** At the lane's full height; heights go by the square root, so that small ones are seen as well. */
const HIGHEST_US = 100_000

/** How late the generator sent, and how long its event loop stood. */
export function drawGenerator({ series }: Timeline, viewport: Viewport, y: number): Markup {
  const bottom = y + TALL_LANE - 5
  const room = TALL_LANE - 11
  const height = (us: number) => Math.min(1, Math.sqrt(us / HIGHEST_US)) * room
  const barWidth = tenth(Math.max(1, (xOf(viewport, series.binUs) - xOf(viewport, 0)) * 0.4))
  const bars = (values: readonly (number | null)[], share: number) =>
    values
      .map((us, bin) => {
        const atUs = (bin + share) * series.binUs
        if (us === null || !isVisible(viewport, atUs)) return ''
        return `M${tenth(xOf(viewport, atUs))} ${bottom}v${-tenth(Math.max(0.6, height(us)))}`
      })
      .join('')
  const allowed = tenth(bottom - height(ALLOWED_LAG_US))
  return element(
    'g',
    {},
    laneName(viewport, y + 16, 'send lag'),
    laneName(viewport, y + 29, 'loop delay'),
    element('path', {
      class: 'loop-delay',
      'stroke-width': barWidth,
      d: bars(series.loopDelayUs, 0.72),
    }),
    element('path', {
      class: 'send-lag',
      'stroke-width': barWidth,
      d: bars(series.sendLagP99Us, 0.28),
    }),
    element('line', {
      class: 'allowed',
      x1: viewport.gutter,
      x2: viewport.width - RIGHT_MARGIN,
      y1: allowed,
      y2: allowed,
    }),
    element(
      'text',
      {
        class: 'allowed-name',
        x: viewport.width - RIGHT_MARGIN - 2,
        y: allowed - 3,
        'text-anchor': 'end',
      },
      '20 ms',
    ),
  )
}
