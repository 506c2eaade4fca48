import type { FailureEntry } from '../../recording/entry.ts'
import { wasAnsweredAsBefore } from '../answer-times.ts'
import type { PodStory } from '../analysis.ts'
import { noneReady } from '../endpoint-counts.ts'
import {
  blame,
  type CauseRule,
  deadFromUs,
  endingPods,
  type Facts,
  isDirect,
  isGatewayAnswer,
} from './cause-rule.ts'
import { exitBeforeDeregister, forgottenUs } from './exit-before-deregister.ts'

/** Without any endpoint a proxy says so at once; what took so long was sent to a pod. */
const WAITED_US = 1_000_000

/**
 * From the address of a pod whose sandbox is gone comes neither a refusal nor an answer: what a proxy still sends there,
 * or tries there before it finds another pod, is too late for its client. It looks like overload, but the others are
 * answered as ever.
 */
export const unansweredByGone: CauseRule = {
  ...exitBeforeDeregister,
  explain(failure, facts) {
    if (!isTooLate(failure) || !canWaitForGone(failure, facts)) return undefined
    const pods = gonePods(failure, facts)
    if (pods.length === 0 || !isBesideTimelyAnswers(failure, facts)) return undefined
    return blame(pods, failure)
  },
}

/**
 * The same where no other pod is left: the gateway's word for it may then be that there is no endpoint, but it came only
 * after those that it still knew had been tried in vain.
 */
export const unansweredByLast: CauseRule = {
  ...exitBeforeDeregister,
  explain(failure, facts) {
    const { sentAtUs, endedAtUs } = failure
    const isUnanswered =
      isTooLate(failure) ||
      isGatewayAnswer(failure) ||
      failure.outcome === 'unreachable' ||
      failure.outcome === 'connect-timeout'
    if (!isUnanswered || endedAtUs - sentAtUs < WAITED_US) return undefined
    if (!noneReady(facts.endpoints, sentAtUs + WAITED_US, endedAtUs)) return undefined
    const pods = gonePods(failure, facts).filter((pod) => sentAtUs >= deadFromUs(pod, facts))
    return blame(pods, failure)
  },
}

/** A pod's own connection was taken by the pod, and on a lab's loopback the kernel refuses for pods that are gone. */
const canWaitForGone = (failure: FailureEntry, facts: Facts): boolean =>
  facts.labNetwork !== 'loopback' && !(failure.connection === 'new' && isDirect(failure, facts))

/** Pods that had gone when the request failed, and of which no proxy need have known when it was sent. */
function gonePods(failure: FailureEntry, facts: Facts): PodStory[] {
  // The pod that a proxy turned to in the end says nothing of those that it tried before.
  const tried = facts.through === 'service' ? endingPods(failure, facts) : facts.pods
  return tried.filter(
    (pod) =>
      pod.deleteSeenUs !== undefined &&
      (pod.exitSeenUs ?? pod.goneUs ?? Infinity) <= failure.endedAtUs &&
      deadFromUs(pod, facts) <= failure.endedAtUs &&
      failure.sentAtUs <= forgottenUs(pod, facts),
  )
}

/** No answer in time, or a gateway's word for it. */
export const isTooLate = (failure: FailureEntry): boolean =>
  failure.outcome === 'response-timeout' ||
  (failure.status === 504 && failure.answeredBy === undefined)

/** Whether others were answered meanwhile as fast as before the first pod was deleted. */
export function isBesideTimelyAnswers(failure: FailureEntry, facts: Facts): boolean {
  const firstDeletedUs = Math.min(...facts.pods.map((pod) => pod.deleteSeenUs ?? Infinity))
  return wasAnsweredAsBefore(facts.answerTimes, firstDeletedUs, {
    fromUs: failure.sentAtUs,
    toUs: failure.endedAtUs,
  })
}
