import type { ClusterEntry, ContainerFacts, PodFacts } from '../recording/entry.ts'
import type { Recording } from '../recording/recording.ts'
import type { ContainerExit, PodStory } from './analysis.ts'
import { podStories } from './pod-stories.ts'

/** A pod's life from its beginning to its end; instants are arrivals here, µs since the watch began. */
export interface PodLife {
  readonly name: string
  readonly uid: string
  readonly node?: string
  /** It was there when the watch began: how it began was not seen. */
  readonly wasThere: boolean
  readonly createdAtUs?: number
  readonly scheduledAtUs?: number
  /** The images of all its containers were there. */
  readonly imagesAtUs?: number
  readonly startedAtUs?: number
  readonly readyAtUs?: number
  /** When its endpoint left the ready ones of its slices. */
  readonly notReadyEndpointAtUs?: number
  readonly deletedAtUs?: number
  readonly graceSeconds: number
  readonly killingAtUs?: number
  readonly exitedAtUs?: number
  readonly exitCode?: number
  readonly exitReason?: string
  readonly goneAtUs?: number
  readonly restarts: number
  /** Exits of a container that nobody had asked for, or that a probe had asked for. */
  readonly exits: readonly ContainerExit[]
  readonly disruption?: string
}

type PodChange = Extract<ClusterEntry, { type: 'pod' }>

/** Tells the life of each pod that was watched; pure. */
export function podLives(recording: Recording): PodLife[] {
  const changes = recording.cluster.filter((change): change is PodChange => change.type === 'pod')
  const byUid = Map.groupBy(changes, ({ pod }) => pod.uid)
  const syncedUs = recording.phases[0]?.atUs ?? recording.lastAtUs
  return podStories(recording).map((story) => lifeOf(story, byUid.get(story.uid) ?? [], syncedUs))
}

function lifeOf(story: PodStory, changes: readonly PodChange[], syncedUs: number): PodLife {
  const wasThere = story.firstSeenUs <= syncedUs
  const node = changes.findLast(({ pod }) => pod.nodeName !== undefined)?.pod.nodeName
  const { readyAtUs, deleteSeenUs, killingUs, exitSeenUs, goneUs, outOfSliceUs } = story
  return {
    name: story.name,
    uid: story.uid,
    ...(node !== undefined && { node }),
    wasThere,
    ...(wasThere ? {} : beginningOf(story, changes)),
    ...(readyAtUs !== undefined && readyAtUs > syncedUs && { readyAtUs }),
    ...(outOfSliceUs !== undefined && { notReadyEndpointAtUs: outOfSliceUs }),
    ...(deleteSeenUs !== undefined && { deletedAtUs: deleteSeenUs }),
    graceSeconds: story.graceSeconds,
    ...(killingUs !== undefined && { killingAtUs: killingUs }),
    ...(exitSeenUs !== undefined && { exitedAtUs: exitSeenUs }),
    ...(story.exitCode !== undefined && { exitCode: story.exitCode }),
    ...(story.exitReason !== undefined && { exitReason: story.exitReason }),
    ...(goneUs !== undefined && { goneAtUs: goneUs }),
    restarts: story.restarts,
    exits: story.exits,
    ...(story.disruption !== undefined && { disruption: story.disruption }),
  }
}

function beginningOf({ firstSeenUs }: PodStory, changes: readonly PodChange[]) {
  const first = (holds: (pod: PodFacts) => boolean) => changes.find(({ pod }) => holds(pod))?.atUs
  const scheduledAtUs = first(({ nodeName }) => nodeName !== undefined)
  const imagesAtUs = first(({ containers }) => containers.every(hasImage))
  const startedAtUs = first(({ containers }) => containers.every(hasStarted))
  return {
    createdAtUs: firstSeenUs,
    ...(scheduledAtUs !== undefined && { scheduledAtUs }),
    ...(imagesAtUs !== undefined && { imagesAtUs }),
    ...(startedAtUs !== undefined && { startedAtUs }),
  }
}

const hasStarted = ({ state }: ContainerFacts): boolean =>
  state === 'running' || state === 'terminated'

const hasImage = (container: ContainerFacts): boolean =>
  container.imageID !== undefined || hasStarted(container)
