import { US_PER_SECOND } from '../base/units.ts'
import type { ClusterChange, PodFacts } from '../recording/entry.ts'
import type { Recording } from '../recording/recording.ts'
import type { PodStory } from './analysis.ts'
import { ContainerExits } from './container-exits.ts'
import { type NodeClock, nodeClock } from './node-clock.ts'
import { podNamed } from './pod-named.ts'
import { writtenAt } from './written-at.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

type Draft = Mutable<Omit<PodStory, 'readySpans' | 'exits'>> & {
  exits: ContainerExits
  readySpans: { fromUs: number; toUs?: number }[]
  /** When the kubelet wrote the `Killing` event. */
  killingWrittenUs?: number
}

/** The kubelet gives the process at least this long after the stop signal (k8s-mechanics 1.3). */
const SHORTEST_GRACE_SECONDS = 2

/** Tells each pod's life from what the watch saw, and from who answered requests. */
export function podStories(recording: Recording): PodStory[] {
  const drafts = new Map<string, Draft>()
  const writtenUs = writtenAt(recording.cluster)
  const clock = nodeClock(recording)
  for (const change of recording.cluster) {
    if (change.type === 'pod') takePod(drafts, change, clock)
    else if (change.type === 'endpoint-slice') takeSlice(drafts, change)
    else if (change.type === 'reported-event') takeEvent(drafts, change, writtenUs(change))
  }
  const stories = [...drafts.values()]
  takeAnswers(stories, recording)
  return stories.map(withEstimates)
}

type ChangeOf<Type extends ClusterChange['type']> = Extract<ClusterChange, { type: Type }>

function takePod(
  drafts: Map<string, Draft>,
  { atUs, pod, change }: ChangeOf<'pod'>,
  clock: NodeClock,
): void {
  const draft = drafts.get(pod.uid) ?? newDraft(pod, atUs, new ContainerExits(clock))
  drafts.set(pod.uid, draft)
  const isReady = pod.ready && change !== 'gone'
  const open = draft.readySpans.at(-1)
  if (isReady && (!open || open.toUs !== undefined)) {
    draft.readySpans.push({ fromUs: atUs })
    draft.readyAtUs ??= atUs
  } else if (!isReady && open && open.toUs === undefined) open.toUs = atUs
  if (pod.deletionTimestamp !== undefined && draft.deleteSeenUs === undefined) {
    draft.deleteSeenUs = atUs
    // Later it falls to 0, when the kubelet takes the object away.
    draft.graceSeconds = pod.deletionGracePeriodSeconds ?? draft.graceSeconds
  }
  // A container that ends before is restarted.
  const isEnding = pod.deletionTimestamp !== undefined || /^(?:Failed|Succeeded)$/.test(pod.phase)
  if (isEnding && draft.exitSeenUs === undefined) takeExit(draft, pod, atUs)
  draft.exits.takePod(pod, atUs)
  if (pod.disruption !== undefined) draft.disruption = pod.disruption
  draft.restarts = pod.containers.reduce((sum, container) => sum + container.restartCount, 0)
  if (change === 'gone') draft.goneUs ??= atUs
}

function takeExit(draft: Draft, pod: PodFacts, atUs: number): void {
  const ended = pod.containers.filter((container) => container.state === 'terminated')
  if (ended.length < pod.containers.length || ended.length === 0) return
  const worst = ended.find((container) => (container.exitCode ?? 0) !== 0) ?? ended[0]
  draft.exitSeenUs = atUs
  if (worst?.exitCode !== undefined) draft.exitCode = worst.exitCode
  if (worst?.reason !== undefined) draft.exitReason = worst.reason
}

function newDraft(pod: PodFacts, atUs: number, exits: ContainerExits): Draft {
  const [main] = pod.containers
  const preStop = main?.preStop
  return {
    name: pod.name,
    uid: pod.uid,
    firstSeenUs: atUs,
    restarts: 0,
    exits,
    graceSeconds: pod.graceSeconds,
    ...(preStop?.seconds !== undefined && { preStopSeconds: preStop.seconds }),
    hasPreStop: preStop !== undefined,
    // A TCP probe passes as soon as the port is open: it says nothing of the application.
    hasReadinessProbe: main?.readinessProbe !== undefined && main.readinessProbe !== 'tcpSocket',
    shellForm: isShellForm(main?.command ?? []),
    readySpans: [],
    answered: 0,
    lastAnsweredSentUs: {},
    failedHere: 0,
  }
}

/** `sh -c` with anything that does not begin by handing the process over with exec (k8s-mechanics 1.6). */
export function isShellForm(command: readonly string[]): boolean {
  const [shell = '', flag = '', script = ''] = command
  return (
    /(?:^|\/)(?:ba|da|a|z)?sh$/.test(shell) &&
    /^-\w*c$/.test(flag) &&
    !/(?:^|[;&|]\s*)exec\s/.test(script)
  )
}

function takeSlice(
  drafts: Map<string, Draft>,
  { atUs, slice, change }: ChangeOf<'endpoint-slice'>,
): void {
  // By the uid where it is known: a StatefulSet's pods take the names of those before them.
  const ready = new Set(
    change === 'gone'
      ? []
      : slice.endpoints
          .filter(({ ready }) => ready)
          .map(({ podUid, podName }) => podUid ?? podName),
  )
  for (const draft of drafts.values()) {
    const isIn = ready.has(draft.uid) || ready.has(draft.name)
    if (isIn) delete draft.outOfSliceUs
    else if (draft.readyAtUs !== undefined) draft.outOfSliceUs ??= atUs
  }
}

function takeEvent(
  drafts: Map<string, Draft>,
  { atUs, event }: ChangeOf<'reported-event'>,
  writtenUs: number,
): void {
  if (event.objectKind !== 'Pod') return
  for (const draft of drafts.values()) {
    if (draft.name !== event.objectName || draft.goneUs !== undefined) continue
    if (event.reason === 'FailedPreStopHook') draft.preStopFailedUs ??= atUs
    if (event.reason !== 'Killing') continue
    // The same event also announces the kill of a container that a probe has condemned.
    const isForProbe = draft.exits.takeKilling(event.message, atUs)
    if (isForProbe) continue
    draft.killingUs ??= atUs
    draft.killingWrittenUs ??= writtenUs
  }
}

function takeAnswers(drafts: readonly Draft[], recording: Recording): void {
  const byName = Map.groupBy(drafts, ({ name }) => name)
  for (const frame of recording.frames) {
    for (const [name, counts] of Object.entries(frame.answeredBy)) {
      const sentAtUs = Math.max(counts.lastNewSentAtUs ?? 0, counts.lastReusedSentAtUs ?? 0)
      const draft = podNamed(byName.get(name) ?? [], name, Math.max(frame.atUs, sentAtUs))
      if (!draft) continue
      draft.answered += counts.new + counts.reused
      draft.firstAnsweredUs ??= frame.atUs
      draft.lastAnsweredSentUs = {
        ...draft.lastAnsweredSentUs,
        ...(counts.lastNewSentAtUs !== undefined && { new: counts.lastNewSentAtUs }),
        ...(counts.lastReusedSentAtUs !== undefined && { reused: counts.lastReusedSentAtUs }),
      }
    }
  }
  for (const failure of recording.failures) {
    const name = failure.answeredBy ?? failure.answeredBefore ?? ''
    const draft = podNamed(byName.get(name) ?? [], name, failure.sentAtUs)
    if (draft) draft.failedHere++
  }
}

/** The stop signal and the end of the grace are invisible; they follow from what is known (k8s-mechanics 1.3, 2.2). */
function withEstimates({ killingWrittenUs, exits, ...draft }: Draft): PodStory {
  const { deleteSeenUs } = draft
  const story = { ...draft, exits: exits.list }
  if (deleteSeenUs === undefined) return story
  const beganUs = killingWrittenUs ?? deleteSeenUs
  const hookSeconds = hookSecondsOf(story, beganUs)
  const restSeconds = Math.max(SHORTEST_GRACE_SECONDS, draft.graceSeconds - Math.floor(hookSeconds))
  const stopSignalUs = beganUs + hookSeconds * US_PER_SECOND
  return {
    ...story,
    stopSignalUs,
    graceEndUs: stopSignalUs + restSeconds * US_PER_SECOND,
  }
}

/**
 * A hook that failed ended then, and the stop signal came at once; one that is longer than the grace is abandoned at its
 * end, though that it failed is told only when the container ends.
 */
function hookSecondsOf(story: PodStory, beganUs: number): number {
  const { preStopFailedUs, preStopSeconds = 0, graceSeconds } = story
  const tookSeconds =
    preStopFailedUs === undefined
      ? preStopSeconds
      : Math.max(0, preStopFailedUs - beganUs) / US_PER_SECOND
  return Math.min(tookSeconds, graceSeconds)
}
