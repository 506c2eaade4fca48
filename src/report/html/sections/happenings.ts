import type { Analysis } from '../../../analysis/analysis.ts'
import { endpointCounts } from '../../../analysis/endpoint-counts.ts'
import { outcomeText } from '../../../analysis/failure-windows.ts'
import type { Recording } from '../../../recording/recording.ts'

/** Something that happened, in words. */
export interface Happening {
  readonly atUs: number
  readonly text: string
}

/** What steps, pods, endpoints and requests did in a span of time, in order. */
export function happeningsBetween(
  recording: Recording,
  analysis: Analysis,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): Happening[] {
  return [
    ...stepHappenings(recording),
    ...analysis.pods.flatMap(podHappenings),
    ...endpointHappenings(recording),
    ...firstFailures(recording),
  ]
    .filter(({ atUs }) => atUs >= fromUs && atUs <= toUs)
    .sort((left, right) => left.atUs - right.atUs)
}

const stepHappenings = ({ steps }: Recording): Happening[] =>
  steps.map(({ atUs, label, state, detail }) => ({
    atUs,
    text: `step ${label}: ${state}${detail === undefined ? '' : ` (${detail})`}`,
  }))

function podHappenings(pod: Analysis['pods'][number]): Happening[] {
  const moments: readonly (readonly [number | undefined, string])[] = [
    [pod.readyAtUs, 'ready'],
    [pod.deleteSeenUs, `deleted (grace ${pod.graceSeconds} s)`],
    [pod.killingUs, 'Killing'],
    [pod.stopSignalUs, 'stop signal (estimated)'],
    [pod.outOfSliceUs, 'seen out of the EndpointSlice'],
    [pod.exitSeenUs, `exited with ${[pod.exitCode, pod.exitReason].filter((part) => part !== undefined).join(' ')}`],
    [pod.goneUs, 'gone'],
  ]
  return moments.flatMap(([atUs, what]) =>
    atUs === undefined ? [] : [{ atUs, text: `pod ${pod.name}: ${what}` }],
  )
}

function endpointHappenings(recording: Recording): Happening[] {
  const counts = endpointCounts(recording)
  return counts.map(({ atUs, ready }, at) => ({
    atUs,
    text: `ready endpoints ${at === 0 ? '' : `${counts[at - 1]?.ready ?? 0} → `}${ready}`,
  }))
}

function firstFailures({ failures }: Recording): Happening[] {
  const seen = new Set<string>()
  return failures.flatMap((failure) => {
    const text = outcomeText(failure)
    if (seen.has(text)) return []
    seen.add(text)
    return [{ atUs: failure.dueAtUs, text: `first request to fail with ${text} was due` }]
  })
}
