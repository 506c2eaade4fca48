import { element, type Markup } from '../markup.ts'
import type { Series } from '../timeline/timeline.ts'
import { TALL_LANE } from './lane-height.ts'
import { laneName } from './lane-name.ts'
import { clampedX, tenth, type Viewport } from './viewport.ts'

/** How busy the generator's machine was, and how much of it its host took away; full height is all processors. */
export function drawMachine(
  { binUs, busyShare = [], stealShare = [] }: Series,
  viewport: Viewport,
  y: number,
): Markup {
  const bottom = y + TALL_LANE - 5
  const area = (values: readonly (number | null)[]) =>
    values
      .map((share, bin) => {
        const from = clampedX(viewport, bin * binUs)
        const to = clampedX(viewport, (bin + 1) * binUs)
        if (share === null || to <= from) return ''
        return `M${from} ${bottom}V${tenth(bottom - share * (TALL_LANE - 9))}H${to}V${bottom}Z`
      })
      .join('')
  return element(
    'g',
    {},
    laneName(viewport, y + 16, 'cpu busy'),
    laneName(viewport, y + 29, 'steal'),
    element('path', { class: 'busy', d: area(busyShare) }),
    element('path', { class: 'steal', d: area(stealShare) }),
  )
}
