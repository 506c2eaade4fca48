import { drawFailures, drawRate, drawTimes, FAILURE_COLOURS } from '../draw/charts.ts'
import { drawLanes } from '../draw/lanes.ts'
import type { Viewport } from '../draw/viewport.ts'
import { type Child, element, type Markup } from '../markup.ts'
import type { Timeline } from '../timeline/timeline.ts'

const STATIC_WIDTH = 1_200
const STATIC_GUTTER = 176

/** Charts and lanes on one time axis, as drawings that need no script. */
export function timelineSection(timeline: Timeline): Markup {
  const viewport: Viewport = {
    width: STATIC_WIDTH,
    gutter: STATIC_GUTTER,
    fromUs: 0,
    toUs: timeline.lengthUs,
  }
  return element(
    'section',
    { class: 'timeline', id: 'timeline', 'aria-labelledby': 'over-time' },
    element(
      'div',
      { class: 'section-head' },
      element('h2', { id: 'over-time' }, 'Over time'),
      element('p', {
        class: 'readout script-only',
        id: 'readout',
        'aria-live': 'polite',
        hidden: true,
      }),
      element(
        'button',
        { type: 'button', id: 'zoom-out', class: 'script-only', hidden: true },
        'Whole run',
      ),
    ),
    element(
      'div',
      {
        class: 'axis',
        id: 'axis',
        tabindex: 0,
        role: 'group',
        'aria-label': `Charts over time. ${timeline.hasLoad ? 'Arrow keys move the cursor; plus' : 'Plus'}, minus and 0 zoom.`,
      },
      timeline.hasLoad ? loadCharts(timeline, viewport) : undefined,
      chart('lanes', lanesTitle(timeline), lanesLegend(timeline), drawLanes(timeline, viewport)),
    ),
    timeline.quietPods === 0
      ? undefined
      : element(
          'p',
          { class: 'muted' },
          `${timeline.quietPods} more pods without a lane: see the table of pods.`,
        ),
  )
}

const loadCharts = (timeline: Timeline, viewport: Viewport): readonly Markup[] => [
  chart('rate', 'Requests / s', RATE_LEGEND, drawRate(timeline, viewport)),
  chart('failures', 'Failed, where due', failureLegend(timeline), drawFailures(timeline, viewport)),
  chart('times', 'Response time', TIMES_LEGEND, drawTimes(timeline, viewport)),
]

function lanesTitle({ hasCluster, hasLoad }: Timeline): string {
  if (!hasCluster) return 'Generator'
  return hasLoad ? 'Steps, endpoints, pods, generator' : 'Endpoints, pods'
}

const lanesLegend = (timeline: Timeline): readonly Markup[] => [
  ...(timeline.hasCluster ? POD_LEGEND : []),
  ...(timeline.hasCluster && timeline.hasLoad ? FAILED_LEGEND : []),
  ...(timeline.hasLoad ? generatorLegend(timeline) : []),
]

function chart(id: string, title: string, legend: Child, drawn: Markup): Markup {
  return element(
    'figure',
    { class: `chart ${id}` },
    element(
      'figcaption',
      {},
      element('span', { class: 'chart-title' }, title),
      element('span', { class: 'legend' }, legend),
    ),
    element('div', { class: 'plot', id: `plot-${id}` }, drawn),
  )
}

const key = (classes: string, name: string, path: string): Markup =>
  element(
    'span',
    { class: 'key' },
    element(
      'svg',
      { width: 22, height: 12, viewBox: '0 0 22 12', 'aria-hidden': 'true' },
      element('path', { class: classes, d: path }),
    ),
    name,
  )

const LINE = 'M1 6H21'
const BOX = 'M1 2H21V10H1Z'

const RATE_LEGEND = [
  key('line planned', 'planned', LINE),
  key('line sent', 'sent', LINE),
  key('area ok', 'ok, when answered', BOX),
]

const TIMES_LEGEND = [
  key('line p50', 'p50', LINE),
  key('line p95', 'p95', LINE),
  key('line p99', 'p99', LINE),
  key('dots longest', 'longest', 'M4 6h3M11 6h3M18 6h3'),
]

const failureLegend = ({ series }: Timeline): Child =>
  series.failures.length === 0
    ? element('span', { class: 'none-failed' }, '✓ nothing failed')
    : series.failures.map(({ name, counts }, at) =>
        key(
          `fail fail-${at % FAILURE_COLOURS}`,
          `${name}: ${counts.reduce((sum, count) => sum + count, 0)}`,
          BOX,
        ),
      )

const POD_LEGEND = [
  key('life starting', 'starting', 'M1 5H21V7H1Z'),
  key('life ready', 'ready', BOX),
  key('life not-ready', 'not ready', BOX),
  key('life ending', 'deleted, still running', BOX),
  key('life exited', 'exited', 'M1 5.5H21V6.5H1Z'),
  key('mark deleted', 'deletion seen', 'M7 3h8l-4 6z'),
  key('mark stop', 'stop signal (estimated)', 'M11 0V12'),
  key('mark exit', 'exit and its code', 'M11 0V12'),
  key('mark gone', 'gone', 'M8 3l6 6m0 -6l-6 6'),
]

const FAILED_LEGEND = [
  key('failed certain', 'failed request', 'M7 3v6M11 3v6M15 3v6'),
  key('failed perhaps', 'failed, here or on another pod', 'M7 3v6M11 3v6M15 3v6'),
]

const generatorLegend = ({ series }: Timeline): readonly Markup[] => [
  key('send-lag', 'send lag p99', 'M5 10V4M11 10V2M17 10V6'),
  key('loop-delay', 'loop delay', 'M5 10V4M11 10V2M17 10V6'),
  ...(series.busyShare ? [key('busy', 'processors busy', BOX)] : []),
  ...(series.stealShare ? [key('steal', 'stolen by the host', BOX)] : []),
]
