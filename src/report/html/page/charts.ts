import uPlot from 'uplot'
import { humanUs } from '../../../base/units.ts'
import { CHART_HEIGHT, FAILURE_COLOURS } from '../draw/charts.ts'
import { scaleOf } from '../draw/value-scale.ts'
import { RIGHT_MARGIN, roundSteps, timeTicks } from '../draw/viewport.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { drawBands } from './bands.ts'
import { failurePattern } from './failure-pattern.ts'
import { colour } from './theme.ts'
import type { Zoom } from './zoom.ts'

/** What a chart needs to know besides its data. */
export interface ChartContext {
  readonly timeline: Timeline
  readonly zoom: Zoom
  readonly gutter: number
  readonly width: number
}

const line = (name: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
  stroke: () => colour(name),
  width: 1.6,
  points: { show: false },
  spanGaps: false,
  ...more,
})

/** Planned, sent and answered requests a second. */
export function rateChart(place: HTMLElement, context: ChartContext): uPlot {
  const { series } = context.timeline
  const perSecond = (counts: readonly number[]) =>
    counts.map((count) => (count * 1e6) / series.binUs)
  return createChart(place, context, {
    data: [perSecond(series.ok), perSecond(series.sent), perSecond(series.planned)],
    series: [
      line('ok', { fill: () => colour('ok-soft') }),
      line('sent'),
      line('planned', { dash: [5, 4], width: 1.2 }),
    ],
    text: String,
  })
}

/** Failed requests by class, stacked: each layer stands behind those below it. */
export function failureChart(place: HTMLElement, context: ChartContext): uPlot {
  const { failures, planned } = context.timeline.series
  const floor = planned.map(() => 0)
  const layers = failures.map(({ counts }, at) => {
    counts.forEach((count, bin) => {
      floor[bin] = (floor[bin] ?? 0) + count
    })
    return { at, tops: floor.slice() }
  })
  const bars = uPlot.paths.bars?.({ size: [1, Infinity], gap: 0 })
  return createChart(place, context, {
    data: layers.toReversed().map(({ tops }) => tops),
    series: layers.toReversed().map(({ at }) => ({
      ...line(`fail-${at % FAILURE_COLOURS}`, { width: 0 }),
      fill: () => failurePattern(at % FAILURE_COLOURS),
      ...(bars && { paths: bars }),
    })),
    text: String,
  })
}

/** Response times: p50, p95, p99 and the longest. */
export function timesChart(place: HTMLElement, context: ChartContext): uPlot {
  const { p50Us, p95Us, p99Us, maxUs } = context.timeline.series
  const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null)
  const scale = scaleOf(Math.max(1_000, ...known(maxUs)), humanUs, known(p50Us))
  return createChart(place, context, {
    data: [maxUs, p50Us, p95Us, p99Us].map((values) => values.slice()),
    series: [
      line('longest', {
        width: 0,
        points: { show: true, size: 3, width: 0, fill: () => colour('longest') },
      }),
      line('p50'),
      line('p95', { dash: [5, 3] }),
      line('p99'),
    ],
    text: humanUs,
    ...(scale.isLogarithmic && { lowest: scale.low }),
  })
}

// The enum is there for the compiler only.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC: uPlot.Scale.Distr = 3

interface ChartContent {
  readonly data: (number | null)[][]
  readonly series: uPlot.Series[]
  readonly text: (value: number) => string
  /** Present: a logarithmic scale that begins here. */
  readonly lowest?: number
}

function createChart(place: HTMLElement, context: ChartContext, content: ChartContent): uPlot {
  const { timeline, zoom } = context
  const { binUs, planned } = timeline.series
  const options: uPlot.Options = {
    width: context.width,
    height: CHART_HEIGHT,
    padding: [8, RIGHT_MARGIN, 6, 0],
    legend: { show: false },
    cursor: {
      sync: { key: 'podtank' },
      drag: { x: true, y: false, setScale: false },
      points: { show: false },
    },
    scales: {
      x: { time: false, range: () => [zoom.fromUs, zoom.toUs] },
      y: valueScale(content),
    },
    axes: [timeAxis(context), valueAxis(context, content)],
    series: [{}, ...content.series],
    hooks: {
      drawClear: [(chart) => drawBands(chart, timeline, zoom)],
      setSelect: [
        (chart) => {
          if (chart.select.width < 4) return
          const at = (left: number) => chart.posToVal(left, 'x')
          zoom.show(at(chart.select.left), at(chart.select.left + chart.select.width))
        },
      ],
    },
  }
  const middles = planned.map((_, bin) => (bin + 0.5) * binUs)
  place.replaceChildren()
  const chart = new uPlot(options, [middles, ...content.data], place)
  chart.root.setAttribute('aria-hidden', 'true')
  return chart
}

const valueScale = ({ lowest }: ChartContent): uPlot.Scale =>
  lowest === undefined
    ? { range: (_, __, high) => [0, Math.max(1, high) * 1.08] }
    : { distr: LOGARITHMIC, range: (_, __, high) => [lowest, Math.max(1, high) * 1.2] }

const axisLook = (): Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font'> => ({
  stroke: () => colour('muted'),
  grid: { stroke: () => colour('grid'), width: 1 },
  ticks: { show: false },
  font: '11px system-ui, sans-serif',
})

/** Only the grid lines: the lanes below carry the names of the instants. */
const timeAxis = ({ zoom, gutter, width }: ChartContext): uPlot.Axis => ({
  ...axisLook(),
  size: 0,
  splits: () =>
    timeTicks({ fromUs: zoom.fromUs, toUs: zoom.toUs, gutter, width }).map(({ atUs }) => atUs),
  values: (_, splits) => splits.map(() => ''),
})

const valueAxis = ({ gutter }: ChartContext, { text, lowest }: ChartContent): uPlot.Axis => ({
  ...axisLook(),
  size: gutter,
  gap: 8,
  // On a logarithmic scale uPlot would leave out all but its own choice.
  filter: (_, splits) => splits,
  splits: (_, __, low, high) =>
    lowest === undefined
      ? roundSteps(low, high, 4)
      : scaleOf(high / 1.2, text, [lowest]).ticks.map(({ value }) => value),
  values: (_, splits) => splits.map(text),
})
