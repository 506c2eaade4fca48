import type { Analysis, PodStory } from '../../../analysis/analysis.ts'
import { podNamed } from '../../../analysis/pod-named.ts'
import type { FailureEntry } from '../../../recording/entry.ts'
import type { PodCondition, PodLane } from './timeline.ts'

const MAX_LANES = 40
/** Of a lane; ticks nearer to one another than this part of the run are drawn as one. */
const TICKS = 500
/** A tick on each of so many lanes would say nothing. */
const TOO_MANY_TO_BLAME = 12

/** A lane for each pod that something happened to, then for the others as far as there is room. */
export function podLanes(
  { pods, causeOf }: Analysis,
  failures: readonly FailureEntry[],
  lengthUs: number,
): { readonly lanes: readonly PodLane[]; readonly quiet: number } {
  const certain = new Map<string, number[]>()
  const perhaps = new Map<string, number[]>()
  for (const failure of failures) {
    const blamed = causeOf.get(failure.seq)?.pods ?? []
    if (blamed.length > TOO_MANY_TO_BLAME) continue
    const lists = blamed.length === 1 ? certain : perhaps
    for (const name of blamed) {
      const uid = podNamed(pods, name, failure.sentAtUs)?.uid ?? name
      lists.set(uid, [...(lists.get(uid) ?? []), failure.dueAtUs])
    }
  }
  const ticks = (atUs: readonly number[] = []) =>
    [...new Set(atUs.map((us) => Math.floor((us * TICKS) / lengthUs)))].map((tick) =>
      Math.round((tick * lengthUs) / TICKS),
    )
  const chosen = pods.toSorted((left, right) => weight(right) - weight(left)).slice(0, MAX_LANES)
  const lanes = pods
    .filter((pod) => chosen.includes(pod))
    .toSorted(inOrderOfLife)
    .map((pod) => laneOf(pod, lengthUs, ticks(certain.get(pod.uid)), ticks(perhaps.get(pod.uid))))
  return { lanes, quiet: pods.length - lanes.length }
}

const weight = (pod: PodStory): number =>
  (pod.failedHere > 0 ? 4 : 0) +
  (pod.deleteSeenUs !== undefined || pod.exitSeenUs !== undefined ? 2 : 0) +
  (pod.restarts > 0 ? 1 : 0)

/** Those that were there from the beginning and stayed come first, then by when they were deleted or came. */
const inOrderOfLife = (left: PodStory, right: PodStory): number =>
  generation(left) - generation(right) ||
  (left.deleteSeenUs ?? 0) - (right.deleteSeenUs ?? 0) ||
  left.firstSeenUs - right.firstSeenUs ||
  (left.name < right.name ? -1 : 1)

const SEEN_AT_ONCE_US = 500_000

function generation(pod: PodStory): number {
  if (pod.firstSeenUs > SEEN_AT_ONCE_US) return 2
  return pod.deleteSeenUs === undefined ? 0 : 1
}

function laneOf(
  pod: PodStory,
  lengthUs: number,
  failedUs: readonly number[],
  perhapsUs: readonly number[],
): PodLane {
  const { deleteSeenUs, stopSignalUs, exitSeenUs, goneUs } = pod
  const exitText = [pod.exitCode, pod.exitReason].filter((part) => part !== undefined).join(' ')
  return {
    name: pod.name,
    spans: spansOf(pod, lengthUs),
    ...(deleteSeenUs !== undefined && { deletedUs: deleteSeenUs }),
    ...(stopSignalUs !== undefined && stopSignalUs <= (exitSeenUs ?? lengthUs) && { stopSignalUs }),
    ...(exitSeenUs !== undefined && { exitUs: exitSeenUs, exitText }),
    ...(goneUs !== undefined && { goneUs }),
    failedUs,
    perhapsUs,
  }
}

/** The spans of a pod's life without holes, from when it was first seen until it was gone. */
function spansOf(pod: PodStory, lengthUs: number): PodLane['spans'] {
  const goneUs = pod.goneUs ?? lengthUs
  const exitUs = Math.min(pod.exitSeenUs ?? goneUs, goneUs)
  const deletedUs = Math.min(pod.deleteSeenUs ?? exitUs, exitUs)
  const spans: { fromUs: number; toUs: number; condition: PodCondition }[] = []
  const add = (fromUs: number, toUs: number, condition: PodCondition) => {
    if (toUs > fromUs) spans.push({ fromUs, toUs, condition })
  }
  let atUs = pod.firstSeenUs
  for (const { fromUs, toUs = deletedUs } of pod.readySpans) {
    add(atUs, Math.min(fromUs, deletedUs), spans.length === 0 ? 'starting' : 'not-ready')
    add(Math.max(atUs, fromUs), Math.min(toUs, deletedUs), 'ready')
    atUs = Math.max(atUs, Math.min(toUs, deletedUs))
  }
  add(atUs, deletedUs, pod.readySpans.length === 0 ? 'starting' : 'not-ready')
  add(Math.max(deletedUs, pod.firstSeenUs), exitUs, 'ending')
  add(exitUs, goneUs, 'exited')
  return spans
}
