import type { Analysis } from '../../../analysis/analysis.ts'
import { endpointCounts } from '../../../analysis/endpoint-counts.ts'
import type { StepEntry } from '../../../recording/entry.ts'
import { isLoadAlone, isPodsOnly, type Recording } from '../../../recording/recording.ts'
import { podLanes } from './pod-lanes.ts'
import { seriesOf } from './series.ts'
import type { StepSpan, Timeline } from './timeline.ts'

/** For charts that can be zoomed, and for drawings that cannot: there more would only make the file larger. */
export const BINS = { zoomable: 720, fixed: 300 } as const

/** Puts together all that is drawn over time, its figures in at most `maxBins` bins. */
export function timelineOf(recording: Recording, analysis: Analysis, maxBins: number): Timeline {
  const lengthUs = Math.max(1_000_000, recording.lastAtUs)
  const { lanes, quiet } = podLanes(analysis, recording.failures, lengthUs)
  const disruptedUs = recording.phases.find(({ phase }) => phase === 'disruption')?.atUs
  return {
    lengthUs,
    hasCluster: !isLoadAlone(recording),
    hasLoad: !isPodsOnly(recording),
    series: seriesOf(recording, maxBins),
    steps: stepSpans(recording.steps, lengthUs),
    pods: lanes,
    quietPods: quiet,
    endpoints: endpointCounts(recording),
    gaps: recording.cluster.flatMap((change) => (change.type === 'gap' ? [change.gap] : [])),
    windows: analysis.windows.map(({ number, fromUs, toUs, failed, pods }) => ({
      number,
      fromUs,
      toUs,
      failed,
      pods,
    })),
    ...(disruptedUs !== undefined && { disruptedUs }),
  }
}

/** What each step took, and its way back as a span of its own. */
function stepSpans(entries: readonly StepEntry[], lengthUs: number): StepSpan[] {
  const spans: StepSpan[] = []
  const open = new Map<number, StepEntry>()
  for (const entry of entries) {
    const began = open.get(entry.index)
    if (entry.state === 'started' || entry.state === 'restoring') open.set(entry.index, entry)
    else if (began) {
      spans.push(spanOf(began, entry.atUs, entry.state))
      open.delete(entry.index)
    }
  }
  for (const entry of open.values()) spans.push(spanOf(entry, lengthUs, entry.state))
  return spans
}

const spanOf = (began: StepEntry, toUs: number, state: StepEntry['state']): StepSpan => ({
  label: began.state === 'restoring' ? `put back: ${began.label}` : began.label,
  fromUs: began.atUs,
  toUs,
  disruptive: began.disruptive,
  state,
})
