import type uPlot from 'uplot'
import { drawLanes } from '../draw/lanes.ts'
import { RIGHT_MARGIN } from '../draw/viewport.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { failureChart, rateChart, timesChart } from './charts.ts'
import { readoutText } from './readout.ts'
import { toDom } from './to-dom.ts'
import type { Zoom } from './zoom.ts'

const WIDE_GUTTER = 176
const NARROW_GUTTER = 84
/** Below this the names of pods are shortened to give the plots room. */
const NARROW = 700

/** The charts and lanes on their common axis, as long as the page lives. */
export interface Axis {
  /** Draws everything again: another width, other colours. */
  rebuild(): void
}

/** Turns the static drawings into charts with a common cursor and zoom. */
export function createAxis(timeline: Timeline, zoom: Zoom): Axis {
  const axis = byId('axis')
  const lanes = byId('plot-lanes')
  const readout = byId('readout')
  const cursor = document.createElement('div')
  cursor.className = 'cursor-line'
  cursor.hidden = true
  let charts: readonly uPlot[] = []
  let gutter = WIDE_GUTTER
  // The keyboard goes on where the pointer was last.
  let lastLeft = 0

  const width = () => lanes.clientWidth
  const drawLanesAgain = () => {
    const viewport = { width: width(), gutter, fromUs: zoom.fromUs, toUs: zoom.toUs }
    lanes.replaceChildren(...toDom(drawLanes(timeline, viewport)), cursor)
    const pods = timeline.windows.find(({ number }) => number === zoom.selected)?.pods ?? []
    for (const lane of lanes.querySelectorAll('[data-pod]')) {
      lane.classList.toggle('blamed', pods.includes(lane.getAttribute('data-pod') ?? ''))
    }
    const band = lanes.querySelector(`[data-window="${zoom.selected ?? ''}"]`)
    band?.classList.add('selected')
  }
  const follow = (chart: uPlot) => {
    const left = chart.cursor.left ?? -1
    const bin = chart.cursor.idx
    const isInside = left >= 0 && typeof bin === 'number'
    readout.textContent = isInside ? readoutText(timeline, bin) : ''
    cursor.hidden = !isInside
    if (!isInside) return
    lastLeft = left
    cursor.style.left = `${gutter + left}px`
  }
  const pointAt = (left: number) => {
    for (const chart of charts) chart.setCursor({ left, top: 10 })
    if (charts[0]) follow(charts[0])
  }
  const rebuild = () => {
    for (const chart of charts) chart.destroy()
    gutter = width() < NARROW ? NARROW_GUTTER : WIDE_GUTTER
    const context = { timeline, zoom, gutter, width: width() }
    charts = timeline.hasLoad
      ? [
          rateChart(byId('plot-rate'), context),
          failureChart(byId('plot-failures'), context),
          timesChart(byId('plot-times'), context),
        ]
      : []
    for (const chart of charts) {
      chart.over.addEventListener('mousemove', () => follow(chart))
      chart.over.addEventListener('mouseleave', () => follow(chart))
      chart.over.addEventListener('click', (event) =>
        selectAt(event.offsetX, chart.over.clientWidth),
      )
    }
    drawLanesAgain()
  }
  const selectAt = (left: number, plotWidth: number) => {
    const usPerPixel = (zoom.toUs - zoom.fromUs) / plotWidth
    const us = zoom.fromUs + left * usPerPixel
    const hit = timeline.windows.find(
      ({ fromUs, toUs }) => us >= fromUs - 5 * usPerPixel && us <= toUs + 5 * usPerPixel,
    )
    if (hit)
      axis.dispatchEvent(new CustomEvent('window-chosen', { detail: hit.number, bubbles: true }))
  }
  lanes.addEventListener('mousemove', (event) => {
    const left = event.clientX - lanes.getBoundingClientRect().left - gutter
    pointAt(left < 0 || left > width() - gutter - RIGHT_MARGIN ? -10 : left)
  })
  lanes.addEventListener('mouseleave', () => pointAt(-10))
  lanes.addEventListener('click', (event) =>
    selectAt(
      event.clientX - lanes.getBoundingClientRect().left - gutter,
      width() - gutter - RIGHT_MARGIN,
    ),
  )
  wireKeys(axis, zoom, {
    left: () => lastLeft,
    step: () => ((width() - gutter) * timeline.series.binUs) / (zoom.toUs - zoom.fromUs),
    pointAt(left) {
      readout.setAttribute('aria-live', 'polite')
      pointAt(Math.min(Math.max(0, left), width() - gutter - RIGHT_MARGIN - 1))
    },
  })
  axis.addEventListener('pointermove', () => readout.setAttribute('aria-live', 'off'))
  rebuild()
  zoom.onChange(() => {
    for (const chart of charts) {
      chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
      chart.setData(chart.data, true)
    }
    drawLanesAgain()
  })
  return { rebuild }
}

interface CursorKeys {
  left(): number
  step(): number
  pointAt(left: number): void
}

function wireKeys(axis: HTMLElement, zoom: Zoom, cursor: CursorKeys): void {
  const zoomBy = (factor: number) => {
    const middle = (zoom.fromUs + zoom.toUs) / 2
    const half = ((zoom.toUs - zoom.fromUs) / 2) * factor
    zoom.show(middle - half, middle + half, zoom.selected)
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => cursor.pointAt(cursor.left() + Math.max(1, cursor.step())),
    ArrowLeft: () => cursor.pointAt(cursor.left() - Math.max(1, cursor.step())),
    '+': () => zoomBy(0.5),
    '-': () => zoomBy(2),
    '0': () => zoom.showAll(),
    Escape: () => zoom.showAll(),
  }
  axis.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  })
}

/** An element that the report always has. */
function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the report has no #${id}`)
  return found
}
