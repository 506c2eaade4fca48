import type { FailureEntry } from '../../recording/entry.ts'
import { wasAnsweredAsBefore } from '../answer-times.ts'
import { blame, type CauseRule, deadFromUs, endingPods, type Facts } from './cause-rule.ts'
import { exitBeforeDeregister, forgottenUs } from './exit-before-deregister.ts'

/**
 * From the address of a pod whose sandbox is gone comes neither a refusal nor an answer: what a proxy still sends there,
 * or tries there before it finds another pod, is too late for its client. It looks like overload, but the others are
 * answered as ever.
 */
export const unansweredByGone: CauseRule = {
  ...exitBeforeDeregister,
  explain(failure, facts) {
    if (!isTooLate(failure)) return undefined
    // The pod that a proxy turned to in the end says nothing of those that it tried before.
    const tried = facts.through === 'service' ? endingPods(failure, facts) : facts.pods
    const pods = tried.filter(
      (pod) =>
        pod.deleteSeenUs !== undefined &&
        (pod.exitSeenUs ?? pod.goneUs ?? Infinity) <= failure.endedAtUs &&
        deadFromUs(pod, facts) <= failure.endedAtUs &&
        failure.sentAtUs <= forgottenUs(pod, facts),
    )
    if (pods.length === 0 || !isBesideTimelyAnswers(failure, facts)) return undefined
    return blame(pods, failure)
  },
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
