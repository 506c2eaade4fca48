import { humanUs, US_PER_SECOND } from '../../../base/units.ts'
import { element, type Markup } from '../markup.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { drawBackground, drawing } from './background.ts'
import { type Lengthwise, scaleOf, type ValueScale } from './value-scale.ts'
import { RIGHT_MARGIN, tenth, type Viewport, xOf } from './viewport.ts'

export const CHART_HEIGHT = 132
const TOP = 10
const BOTTOM = 8

/** Planned, sent and answered requests a second. */
export function drawRate(timeline: Timeline, viewport: Viewport): Markup {
  const { planned, sent, ok, binUs } = timeline.series
  const perSecond = (counts: readonly number[]) =>
    counts.map((count) => (count * US_PER_SECOND) / binUs)
  const rates = [planned, sent, ok].map(perSecond)
  const scale = scaleOf(Math.max(1, ...rates.flat()), (value) => String(value))
  const [plannedRate = [], sentRate = [], okRate = []] = rates
  const chart = chartOf(timeline, viewport, scale)
  return chart('Requests a second: planned, sent, ok', [
    element('path', { class: 'area ok', d: areaPath(okRate, chart.place) }),
    element('path', { class: 'line ok', d: linePath(okRate, chart.place) }),
    element('path', { class: 'line sent', d: linePath(sentRate, chart.place) }),
    element('path', { class: 'line planned', d: linePath(plannedRate, chart.place) }),
  ])
}

/** Failed requests by class, stacked. */
export function drawFailures(timeline: Timeline, viewport: Viewport): Markup {
  const { failures, binUs } = timeline.series
  const bins = timeline.series.planned.length
  const totals = Array.from({ length: bins }, (_, bin) =>
    failures.reduce((sum, { counts }) => sum + (counts[bin] ?? 0), 0),
  )
  const scale = scaleOf(Math.max(1, ...totals), (value) => String(value))
  const chart = chartOf(timeline, viewport, scale)
  const floor = totals.map(() => 0)
  const layers = failures.map(({ counts }, at) => {
    const d = counts.map((count, bin) => {
      if (count === 0) return ''
      const from = floor[bin] ?? 0
      floor[bin] = from + count
      const left = tenth(xOf(viewport, bin * binUs))
      const right = tenth(Math.max(left + 1, xOf(viewport, (bin + 1) * binUs) - 0.4))
      return `M${left} ${chart.yOf(from)}V${chart.yOf(from + count)}H${right}V${chart.yOf(from)}Z`
    })
    return element('path', { class: `fail fail-${at % FAILURE_COLOURS}`, d: d.join('') })
  })
  return chart('Failed requests by class', layers)
}

/** Colours (with patterns) there are for classes of failure; the page's style sheet has as many. */
export const FAILURE_COLOURS = 6

/** Response times of what was answered: p50, p95, p99 and the longest. */
export function drawTimes(timeline: Timeline, viewport: Viewport): Markup {
  const { p50Us, p95Us, p99Us, maxUs } = timeline.series
  const scale = scaleOf(Math.max(1_000, ...known(maxUs)), humanUs, known(p50Us))
  const chart = chartOf(timeline, viewport, scale)
  const dots = maxUs.map((us, bin) => {
    if (us === null) return ''
    const { x, y } = chart.place(bin, us)
    return `M${tenth(x - 1.2)} ${y}h2.4`
  })
  return chart('Response time: p50, p95, p99, longest', [
    element('path', { class: 'dots longest', d: dots.join('') }),
    element('path', { class: 'line p50', d: linePath(p50Us, chart.place) }),
    element('path', { class: 'line p95', d: linePath(p95Us, chart.place) }),
    element('path', { class: 'line p99', d: linePath(p99Us, chart.place) }),
  ])
}

const known = (values: Lengthwise): number[] => values.filter((value) => value !== null)

type Place = (bin: number, value: number) => { readonly x: number; readonly y: number }

interface Chart {
  (label: string, layers: readonly Markup[]): Markup
  readonly place: Place
  readonly yOf: (value: number) => number
}

/** The frame of a chart: background, value axis, and where a value of a bin lies. */
function chartOf(timeline: Timeline, viewport: Viewport, scale: ValueScale): Chart {
  const inner = CHART_HEIGHT - TOP - BOTTOM
  const yOf = (value: number) => tenth(TOP + inner * (1 - scale.share(value)))
  const place: Place = (bin, value) => ({
    x: tenth(xOf(viewport, (bin + 0.5) * timeline.series.binUs)),
    y: yOf(value),
  })
  const draw = (label: string, layers: readonly Markup[]) =>
    drawing(
      viewport,
      CHART_HEIGHT,
      label,
      drawBackground(timeline, viewport, CHART_HEIGHT),
      element(
        'g',
        {},
        scale.ticks.map(({ value, text }) => [
          element('line', {
            class: 'grid',
            x1: viewport.gutter,
            x2: viewport.width - RIGHT_MARGIN,
            y1: yOf(value),
            y2: yOf(value),
          }),
          element(
            'text',
            { class: 'tick', x: viewport.gutter - 8, y: yOf(value) + 3.5, 'text-anchor': 'end' },
            text,
          ),
        ]),
      ),
      ...layers,
    )
  return Object.assign(draw, { place, yOf })
}

function linePath(values: Lengthwise, place: Place): string {
  let isDown = false
  return values
    .map((value, bin) => {
      if (value === null) {
        isDown = false
        return ''
      }
      const { x, y } = place(bin, value)
      const move = isDown ? 'L' : 'M'
      isDown = true
      return `${move}${x} ${y}`
    })
    .join('')
}

function areaPath(values: readonly number[], place: Place): string {
  const first = place(0, 0)
  const last = place(values.length - 1, 0)
  return `${linePath(values, place)}L${last.x} ${last.y}L${first.x} ${first.y}Z`
}
