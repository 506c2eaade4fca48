import { element, type Markup } from '../markup.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { clampedX, isVisible, tenth, timeTicks, type Viewport, xOf } from './viewport.ts'

/** A window is drawn at least this wide. */
const LEAST_WIDTH = 3

/** What lies behind every chart and lane: windows of failures, watch gaps, grid lines, the first disruption. */
export function drawBackground(timeline: Timeline, viewport: Viewport, height: number): Markup {
  const band = (fromUs: number, toUs: number, kind: string, title: string, more = {}) => {
    const x = clampedX(viewport, fromUs)
    const width = tenth(Math.max(LEAST_WIDTH, clampedX(viewport, toUs) - x))
    const isOutside = toUs < viewport.fromUs || fromUs > viewport.toUs
    return isOutside
      ? undefined
      : element(
          'rect',
          { class: kind, x, y: 0, width, height, ...more },
          element('title', {}, title),
        )
  }
  return element(
    'g',
    {},
    timeline.gaps.map((gap) =>
      band(gap.fromUs, gap.toUs, 'gap-band', `not watching ${gap.resource}`),
    ),
    timeline.windows.map((window) =>
      band(
        window.fromUs,
        window.toUs,
        'window-band',
        `window ${window.number}: ${window.failed} failed`,
        {
          'data-window': window.number,
        },
      ),
    ),
    timeTicks(viewport).map(({ atUs }) => {
      const x = tenth(xOf(viewport, atUs))
      return element('line', { class: 'grid', x1: x, x2: x, y1: 0, y2: height })
    }),
    drawDisruption(timeline, viewport, height),
  )
}

function drawDisruption({ disruptedUs }: Timeline, viewport: Viewport, height: number) {
  if (disruptedUs === undefined || !isVisible(viewport, disruptedUs)) return undefined
  const x = tenth(xOf(viewport, disruptedUs))
  return element('line', { class: 'disruption', x1: x, x2: x, y1: 0, y2: height })
}

/** The names of the instants, as a row. */
export const drawTimeAxis = (viewport: Viewport, y: number): Markup =>
  element(
    'g',
    {},
    timeTicks(viewport).map(({ atUs, text }) =>
      element(
        'text',
        { class: 'tick', x: tenth(xOf(viewport, atUs)), y, 'text-anchor': 'middle' },
        text,
      ),
    ),
  )

/** An SVG as wide as the viewport. */
export const drawing = (
  viewport: Viewport,
  height: number,
  label: string,
  ...children: readonly (Markup | undefined)[]
): Markup =>
  element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${viewport.width} ${height}`,
      width: viewport.width,
      height,
      role: 'img',
      'aria-label': label,
    },
    ...children,
  )
