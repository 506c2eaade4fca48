import type { Analysis } from '../../../analysis/analysis.ts'
import { endpointCounts } from '../../../analysis/endpoint-counts.ts'
import { outcomeText } from '../../../analysis/failure-windows.ts'
import { humanUs } from '../../../base/units.ts'
import type { Recording } from '../../../recording/recording.ts'

/** Something that happened, in words. */
export interface Happening {
  readonly atUs: number
  readonly text: string
}

/** What befell a pod; the same of several pods at about the same time becomes one line. */
interface PodHappening {
  readonly atUs: number
  readonly pod: string
  readonly what: string
}

/** What steps, pods, endpoints and requests did in a span of time, in order. */
export function happeningsBetween(
  recording: Recording,
  analysis: Analysis,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): Happening[] {
  return [
    ...stepHappenings(recording),
    ...together(analysis.pods.flatMap(podHappenings)),
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

function podHappenings(pod: Analysis['pods'][number]): PodHappening[] {
  const moments: readonly (readonly [number | undefined, string])[] = [
    [pod.readyAtUs, 'ready'],
    [pod.deleteSeenUs, `deleted with ${pod.graceSeconds} s of grace`],
    [pod.killingUs, 'Killing'],
    [pod.stopSignalUs, 'stop signal, estimated'],
    [pod.outOfSliceUs, 'seen out of the EndpointSlice'],
    [
      pod.exitSeenUs,
      `exited with ${[pod.exitCode, pod.exitReason].filter((part) => part !== undefined).join(' ')}`,
    ],
    [pod.goneUs, 'gone'],
  ]
  return moments.flatMap(([atUs, what]) =>
    atUs === undefined ? [] : [{ atUs, pod: pod.name, what }],
  )
}

const TOGETHER_US = 250_000
const NAMED_PODS = 3

function together(happenings: readonly PodHappening[]): Happening[] {
  const groups: PodHappening[][] = []
  for (const happening of happenings.toSorted((left, right) => left.atUs - right.atUs)) {
    const group = groups.findLast(([first]) => first?.what === happening.what)
    const isNear = happening.atUs - (group?.[0]?.atUs ?? -Infinity) <= TOGETHER_US
    if (group && isNear) group.push(happening)
    else groups.push([happening])
  }
  return groups.map((group) => ({ atUs: group[0]?.atUs ?? 0, text: groupText(group) }))
}

function groupText(group: readonly PodHappening[]): string {
  const [first] = group
  const names = group.map(({ pod }) => pod)
  if (names.length === 1) return `pod ${names.join()}: ${first?.what ?? ''}`
  const lengthUs = (group.at(-1)?.atUs ?? 0) - (first?.atUs ?? 0)
  const more = names.length > NAMED_PODS ? `, and ${names.length - NAMED_PODS} more` : ''
  return `${names.length} pods within ${humanUs(lengthUs)}: ${first?.what ?? ''} (${names.slice(0, NAMED_PODS).join(', ')}${more})`
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
  const byDue = failures.toSorted((left, right) => left.dueAtUs - right.dueAtUs)
  return byDue.flatMap((failure) => {
    const text = outcomeText(failure)
    if (seen.has(text)) return []
    seen.add(text)
    return [{ atUs: failure.dueAtUs, text: `first request to fail with ${text} was due` }]
  })
}
