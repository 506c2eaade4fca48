import { humanAt, humanUs, plural } from '../../../base/units.ts'
import { element, type Markup } from '../markup.ts'
import { stepRows } from '../timeline/step-rows.ts'
import type { PodLane, Timeline } from '../timeline/timeline.ts'
import { drawBackground, drawing, drawTimeAxis } from './background.ts'
import { laneName } from './lane-name.ts'
import { drawMachine } from './machine-lane.ts'
import { drawPodLane, POD_LANE_HEIGHT } from './pod-lane.ts'
import { clampedX, isVisible, RIGHT_MARGIN, tenth, type Viewport, xOf } from './viewport.ts'

const HEAD = 20
const LANE = 24
const TALL_LANE = 36

/** Everything under the charts on the same time axis: steps, endpoints, pods, the generator's health, watch gaps. */
export function drawLanes(timeline: Timeline, viewport: Viewport): Markup {
  const { hasCluster, hasLoad } = timeline
  const lanes: readonly Lane[] = [
    ...(hasCluster && hasLoad ? stepLanes(timeline, viewport) : []),
    ...(hasCluster ? clusterLanes(timeline, viewport) : []),
    ...(hasLoad ? generatorLanes(timeline, viewport) : []),
    ...(hasCluster ? [{ height: LANE, draw: (y: number) => drawGaps(timeline, viewport, y) }] : []),
  ]
  let y = HEAD
  const drawn = lanes.map(({ height, draw }) => {
    const lane = draw(y)
    y += height
    return lane
  })
  return drawing(
    viewport,
    y + 4,
    titleOf(timeline),
    drawBackground(timeline, viewport, y + 4),
    drawTimeAxis(viewport, 12),
    ...drawn,
  )
}

interface Lane {
  readonly height: number
  readonly draw: (y: number) => Markup
}

function titleOf({ hasCluster, hasLoad, pods }: Timeline): string {
  if (!hasCluster) return 'The generator over time'
  const seen = plural(pods.length, 'pod')
  return hasLoad
    ? `Steps, endpoints, ${seen} and the generator over time`
    : `Endpoints and ${seen} over time`
}

const stepLanes = (timeline: Timeline, viewport: Viewport): readonly Lane[] =>
  stepRows(timeline.steps).map((steps, row) => ({
    height: LANE,
    draw: (y: number) => drawSteps({ steps }, row === 0 ? 'steps' : '', viewport, y),
  }))

const generatorLanes = (timeline: Timeline, viewport: Viewport): readonly Lane[] => [
  { height: TALL_LANE, draw: (y) => drawGenerator(timeline, viewport, y) },
  ...(timeline.series.busyShare
    ? [{ height: TALL_LANE, draw: (y: number) => drawMachine(timeline.series, viewport, y) }]
    : []),
]

const clusterLanes = (timeline: Timeline, viewport: Viewport): readonly Lane[] => [
  { height: TALL_LANE, draw: (y) => drawEndpoints(timeline, viewport, y) },
  ...timeline.pods
    .filter((pod) => isAlive(pod, viewport))
    .map((pod) => ({
      height: POD_LANE_HEIGHT,
      draw: (y: number) => drawPodLane(pod, viewport, y),
    })),
]

/** Whether a pod was there at any time that is drawn. */
const isAlive = ({ spans }: PodLane, { fromUs, toUs }: Viewport): boolean =>
  spans.some((span) => span.toUs >= fromUs && span.fromUs <= toUs)

function drawSteps(
  { steps }: Pick<Timeline, 'steps'>,
  name: string,
  viewport: Viewport,
  y: number,
): Markup {
  return element(
    'g',
    {},
    laneName(viewport, y + 15, name),
    steps.map((step) => {
      if (step.toUs < viewport.fromUs || step.fromUs > viewport.toUs) return undefined
      const x = clampedX(viewport, step.fromUs)
      const width = tenth(Math.max(3, clampedX(viewport, step.toUs) - x))
      const fits = width > step.label.length * 6.2 + 10
      const title = `${step.label}: ${step.state} after ${humanUs(step.toUs - step.fromUs)}, at ${humanAt(step.fromUs)} s`
      return [
        element(
          'rect',
          {
            class: `step ${step.disruptive ? 'disruptive' : ''}`,
            x,
            y: y + 3,
            width,
            height: 17,
            rx: 2,
          },
          element('title', {}, title),
        ),
        fits ? element('text', { class: 'step-name', x: x + 5, y: y + 15 }, step.label) : undefined,
      ]
    }),
    stepFlags({ steps }, viewport, y),
  )
}

/** The names of disruptive steps that are too short for them, beside the step, as far as there is room. */
function stepFlags({ steps }: Pick<Timeline, 'steps'>, viewport: Viewport, y: number) {
  let takenUntil = 0
  return steps
    .filter((step) => step.disruptive && isVisible(viewport, step.fromUs))
    .map((step) => {
      const x = xOf(viewport, step.fromUs)
      const width = step.label.length * 6.4 + 8
      if (clampedX(viewport, step.toUs) - x > width) return undefined
      const isRight = x - viewport.gutter < width
      const from = isRight ? x + 8 : x - width
      if (from < takenUntil) return undefined
      takenUntil = from + width
      return element(
        'text',
        {
          class: 'step-flag',
          x: tenth(isRight ? x + 8 : x - 5),
          y: y + 15,
          'text-anchor': isRight ? 'start' : 'end',
        },
        step.label,
      )
    })
}

function drawEndpoints({ endpoints, lengthUs }: Timeline, viewport: Viewport, y: number): Markup {
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

/** Send lag above this makes a run inconclusive (verdict/check-validity). */
const ALLOWED_LAG_US = 20_000
/** At the lane's full height; heights go by the square root, so that small ones are seen as well. */
const HIGHEST_US = 100_000

function drawGenerator({ series }: Timeline, viewport: Viewport, y: number): Markup {
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

function drawGaps({ gaps }: Timeline, viewport: Viewport, y: number): Markup {
  return element(
    'g',
    {},
    laneName(viewport, y + 15, 'watch gaps'),
    gaps.length === 0
      ? element(
          'text',
          { class: 'none', x: viewport.gutter + 4, y: y + 15 },
          'none: everything was watched all the time',
        )
      : gaps.map((gap) => {
          const x = clampedX(viewport, gap.fromUs)
          const width = tenth(Math.max(3, clampedX(viewport, gap.toUs) - x))
          return element(
            'rect',
            { class: 'gap', x, y: y + 4, width, height: 15 },
            element('title', {}, `${gap.resource}, ${humanUs(gap.toUs - gap.fromUs)}: ${gap.why}`),
          )
        }),
  )
}
