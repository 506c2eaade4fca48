import { humanAt } from '../../../base/units.ts'
import { element, type Markup } from '../markup.ts'
import type { PodLane } from '../timeline/timeline.ts'
import { laneName } from './lane-name.ts'
import { clampedX, isVisible, tenth, type Viewport, xOf } from './viewport.ts'

export const POD_LANE_HEIGHT = 22

/** Height of a span's bar and its distance from the lane's top: form as well as colour tells the condition. */
const BARS = {
  starting: { top: 9, height: 3 },
  'not-ready': { top: 5, height: 11 },
  ready: { top: 5, height: 11 },
  ending: { top: 5, height: 11 },
  exited: { top: 10, height: 1.5 },
} as const

/** A pod's life as a bar with marks: ▼ deletion seen, dashed: stop signal (estimated), exit code, × gone, ticks: failures. */
export function drawPodLane(pod: PodLane, viewport: Viewport, y: number): Markup {
  return element(
    'g',
    { class: 'pod', 'data-pod': pod.name },
    laneName(viewport, y + 14.5, pod.name),
    pod.spans.map(({ fromUs, toUs, condition }) => {
      const x = clampedX(viewport, fromUs)
      const width = tenth(clampedX(viewport, toUs) - x)
      if (width <= 0) return undefined
      const { top, height } = BARS[condition]
      const title = `${pod.name}: ${condition} ${humanAt(fromUs)} to ${humanAt(toUs)} s`
      return element(
        'rect',
        { class: `life ${condition}`, x, y: y + top, width, height },
        element('title', {}, title),
      )
    }),
    drawTicks(pod.perhapsUs, 'perhaps', viewport, y),
    drawTicks(pod.failedUs, 'certain', viewport, y),
    drawMarks(pod, viewport, y),
  )
}

function drawTicks(atUs: readonly number[], kind: string, viewport: Viewport, y: number) {
  const d = atUs
    .filter((us) => isVisible(viewport, us))
    .map((us) => `M${tenth(xOf(viewport, us))} ${y + 15}v5`)
  return d.length === 0 ? undefined : element('path', { class: `failed ${kind}`, d: d.join('') })
}

function drawMarks(pod: PodLane, viewport: Viewport, y: number) {
  const at = (us: number | undefined, draw: (x: number) => Markup) =>
    us !== undefined && isVisible(viewport, us) ? draw(tenth(xOf(viewport, us))) : undefined
  return [
    at(pod.stopSignalUs, (x) =>
      element(
        'path',
        { class: 'mark stop', d: `M${x} ${y + 1}v19` },
        element('title', {}, 'stop signal (estimated)'),
      ),
    ),
    at(pod.deletedUs, (x) =>
      element(
        'path',
        { class: 'mark deleted', d: `M${x - 4} ${y + 1}h8l-4 6z` },
        element('title', {}, 'deletionTimestamp seen'),
      ),
    ),
    at(pod.exitUs, (x) =>
      element(
        'path',
        { class: 'mark exit', d: `M${x} ${y + 3}v15` },
        element('title', {}, `exited with ${pod.exitText ?? ''}`),
      ),
    ),
    at(pod.exitUs, (x) =>
      element(
        'text',
        { class: 'exit-text', x: x + 4, y: y + 8.5 },
        (pod.exitText ?? '').split(' ')[0],
      ),
    ),
    at(pod.goneUs, (x) =>
      element(
        'path',
        { class: 'mark gone', d: `M${x - 3} ${y + 7.5}l6 6m0 -6l-6 6` },
        element('title', {}, 'gone'),
      ),
    ),
  ]
}
