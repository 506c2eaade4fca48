import type { DaemonSetFacts, StatefulSetFacts, WorkloadChange } from './workload-change.ts'

/** How far a rollout is, whatever the workload's kind; counts are pods. */
export interface Rollout {
  /** The controller has seen the spec as it is now. */
  readonly isObserved: boolean
  readonly wanted: number
  /** That there are, old and new. */
  readonly present: number
  /** Of the new template. */
  readonly updated: number
  /** How many of them the rollout is to reach: less than `wanted` with a partition, none with OnDelete. */
  readonly toUpdate: number
  readonly available: number
  /** Nothing of the kind's own is left to do: no rolling update of a StatefulSet is open. */
  readonly isClosed: boolean
  /** Pods that exist when all is done: those on nodes that should have none stay. */
  readonly lasting: number
}

/** The rollout as the workload's status has it, by the rules of `kubectl rollout status`. */
export function rolloutOf(change: WorkloadChange): Rollout {
  if (change.type === 'stateful-set') return ofStatefulSet(change.statefulSet)
  if (change.type === 'daemon-set') return ofDaemonSet(change.daemonSet)
  const { specReplicas, replicas, updatedReplicas, availableReplicas, ...seen } = change.deployment
  return {
    isObserved: seen.observedGeneration >= seen.generation,
    wanted: specReplicas,
    present: replicas,
    updated: updatedReplicas,
    toUpdate: specReplicas,
    available: availableReplicas,
    isClosed: true,
    lasting: specReplicas,
  }
}

function ofStatefulSet(facts: StatefulSetFacts): Rollout {
  const { specReplicas, updateStrategy, partition, currentRevision, updateRevision } = facts
  const isRolling = updateStrategy !== 'OnDelete'
  return {
    isObserved: facts.observedGeneration >= facts.generation,
    wanted: specReplicas,
    present: facts.replicas,
    updated: facts.updatedReplicas,
    toUpdate: isRolling ? Math.max(0, specReplicas - partition) : 0,
    available: facts.availableReplicas,
    // A partition, and OnDelete, leave two revisions for as long as one likes.
    isClosed: !isRolling || partition > 0 || currentRevision === updateRevision,
    lasting: specReplicas,
  }
}

function ofDaemonSet(facts: DaemonSetFacts): Rollout {
  const { desiredNumberScheduled: wanted, updateStrategy, numberMisscheduled } = facts
  return {
    isObserved: facts.observedGeneration >= facts.generation,
    wanted,
    present: facts.currentNumberScheduled,
    updated: facts.updatedNumberScheduled,
    toUpdate: updateStrategy === 'OnDelete' ? 0 : wanted,
    available: facts.numberAvailable,
    isClosed: true,
    lasting: wanted + numberMisscheduled,
  }
}

/** Every pod that is wanted is there, available, and up to date where the strategy brings it there. */
export const isRolledOut = (rollout: Rollout): boolean =>
  rollout.isObserved &&
  rollout.isClosed &&
  rollout.updated >= rollout.toUpdate &&
  rollout.available === rollout.wanted &&
  rollout.present === rollout.wanted
