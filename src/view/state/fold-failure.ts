import { sanitize } from '../../base/sanitize.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { ViewState } from '../view-state.ts'
import { addFailure, type PodLane } from './pod-lane.ts'
import type { PodLanes } from './pod-lanes.ts'

/** The state after a request that failed: also on the lane of the pod that answered it. */
export function foldFailure(state: ViewState, failure: FailureEntry): ViewState {
  const seen = failureText(failure)
  const name = failure.answeredBy ?? failure.answeredBefore
  const lane = name === undefined ? undefined : laneNamed(state.pods, sanitize(name, 80))
  return {
    ...state,
    ...(!state.seenFailures.has(seen) && { seenFailures: new Set([...state.seenFailures, seen]) }),
    ...(lane && { pods: state.pods.with(addFailure(lane, failure.dueAtUs)) }),
  }
}

function laneNamed(pods: PodLanes, name: string): PodLane | undefined {
  return [...pods.values()].findLast((pod) => pod.name === name)
}

/** A failure's class, with the status when there is one: `bad-status 502`. */
export const failureText = ({ outcome, status }: FailureEntry): string =>
  sanitize(outcome === 'bad-status' && status !== undefined ? `${outcome} ${status}` : outcome, 40)
