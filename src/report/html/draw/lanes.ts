import { humanUs, plural } from '../../../base/units.ts'
import { element, type Markup } from '../markup.ts'
import { stepRows } from '../timeline/step-rows.ts'
import type { PodLane, Timeline } from '../timeline/timeline.ts'
import { drawBackground, drawing, drawTimeAxis } from './background.ts'
import { drawEndpoints } from './endpoint-lane.ts'
import { drawGenerator } from './generator-lane.ts'
import { LANE, TALL_LANE } from './lane-height.ts'
import { laneName } from './lane-name.ts'
import { drawMachine } from './machine-lane.ts'
import { drawPodLane, POD_LANE_HEIGHT } from './pod-lane.ts'
import { drawSteps } from './step-lane.ts'
import { clampedX, tenth, type Viewport } from './viewport.ts'

const HEAD = 20

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
