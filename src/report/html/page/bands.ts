import type uPlot from 'uplot'
import type { Timeline } from '../timeline/timeline.ts'
import { colour } from './theme.ts'
import type { Zoom } from './zoom.ts'

/** Paints windows of failure, watch gaps and the first disruption behind a chart. */
export function drawBands(chart: uPlot, timeline: Timeline, zoom: Zoom): void {
  const { ctx, bbox } = chart
  const x = (us: number) => chart.valToPos(us, 'x', true)
  const band = (fromUs: number, toUs: number, fill: string) => {
    ctx.fillStyle = fill
    ctx.fillRect(x(fromUs), bbox.top, Math.max(3, x(toUs) - x(fromUs)), bbox.height)
  }
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const gap of timeline.gaps) band(gap.fromUs, gap.toUs, colour('gap-band'))
  for (const { number, fromUs, toUs } of timeline.windows) {
    band(fromUs, toUs, colour(number === zoom.selected ? 'window-selected' : 'window-band'))
  }
  if (timeline.disruptedUs !== undefined) {
    ctx.strokeStyle = colour('muted')
    ctx.setLineDash([2, 3])
    ctx.beginPath()
    ctx.moveTo(x(timeline.disruptedUs), bbox.top)
    ctx.lineTo(x(timeline.disruptedUs), bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}
