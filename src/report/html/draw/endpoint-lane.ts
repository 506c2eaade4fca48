import { element, type Markup } from '../markup.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { TALL_LANE } from './lane-height.ts'
import { laneName } from './lane-name.ts'
import { clampedX, tenth, type Viewport } from './viewport.ts'

/** How many endpoints were ready. */
export function drawEndpoints(
  { endpoints, lengthUs }: Timeline,
  viewport: Viewport,
  y: number,
): Markup {
  const most = Math.max(1, ...endpoints.map(({ ready }) => ready))
  const bottom = y + TALL_LANE - 6
  const top = (ready: number) => tenth(bottom - (ready / most) * (TALL_LANE - 12))
  const pieces = endpoints.map(({ atUs, ready }, at) => ({
    ready,
    from: clampedX(viewport, atUs),
    to: clampedX(viewport, endpoints[at + 1]?.atUs ?? lengthUs),
  }))
  const area = pieces.map(
    ({ ready, from, to }) => `M${from} ${bottom}V${top(ready)}H${to}V${bottom}Z`,
  )
  const edge = pieces.map(
    ({ ready, from, to }, at) => `${at === 0 ? `M${from} ` : 'V'}${top(ready)}H${to}`,
  )
  return element(
    'g',
    {},
    laneName(viewport, y + 22, 'endpoints'),
    element('path', { class: 'endpoints', d: area.join('') }),
    element('path', { class: 'endpoints-edge', d: edge.join('') }),
    pieces
      .filter(({ from, to }) => to - from > 14)
      .map(({ ready, from }) =>
        element('text', { class: 'count', x: from + 4, y: bottom - 3 }, ready),
      ),
  )
}
