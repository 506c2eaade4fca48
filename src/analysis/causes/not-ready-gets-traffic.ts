import { humanUs, plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { PodStory } from '../analysis.ts'
import { blame, type CauseRule, type Facts, isBroken } from './cause-rule.ts'

/** A pod that warms up longer than this has another problem. */
const WARM_UP_US = 30_000_000

/** The pod was Ready, by the API, before the application could answer. */
export const notReadyGetsTraffic: CauseRule = {
  cause: 'NOT_READY_GETS_TRAFFIC',
  title: 'Pod gets traffic before it is ready',
  explain(failure, facts) {
    const young = youngPods(failure, facts)
    if (failure.answeredBy !== undefined) {
      const isServerError = (failure.status ?? 0) >= 500
      return isServerError
        ? blame(
            young.filter((pod) => pod.name === failure.answeredBy),
            failure,
          )
        : undefined
    }
    const isUnanswered = failure.outcome === 'refused' || isBroken(failure, facts)
    const isOnNamedPod = facts.through !== 'ingress' && failure.answeredBefore !== undefined
    if (!isUnanswered || isOnNamedPod) return undefined
    return blame(
      young.filter((pod) => !pod.hasReadinessProbe && !hasAnsweredBy(pod, failure.sentAtUs)),
      failure,
    )
  },
  describe(failures, pods, { containerName }) {
    const without = pods.filter((pod) => !pod.hasReadinessProbe)
    return {
      explanation: `${plural(failures.length, 'request')} reached ${pods.length === 1 ? 'a pod' : 'pods'} that Kubernetes called Ready but that could not answer yet${
        without.length > 0
          ? '; without a readiness probe that asks the application, a pod is Ready as soon as its process runs'
          : ''
      }.`,
      evidence: pods.slice(0, 5).flatMap((pod) => {
        if (pod.readyAtUs === undefined) return []
        const last = Math.max(...failures.map((failure) => failure.endedAtUs))
        return [
          {
            atUs: pod.readyAtUs,
            text: `${pod.name} became Ready; requests failed until ${humanUs(Math.max(0, last - pod.readyAtUs))} later`,
          },
        ]
      }),
      fix: {
        text: 'Add a readiness probe that asks the application itself.',
        yaml: `spec:\n  template:\n    spec:\n      containers:\n        - name: ${containerName}\n          readinessProbe:\n            httpGet: { path: /ready, port: 8080 } # your own\n            periodSeconds: 2\n            failureThreshold: 2\n`,
      },
    }
  },
}

function youngPods(failure: FailureEntry, facts: Facts): PodStory[] {
  return facts.pods.filter(
    ({ readyAtUs, firstSeenUs }) =>
      readyAtUs !== undefined &&
      // A pod that was there from the start is not young.
      readyAtUs > firstSeenUs &&
      failure.endedAtUs >= readyAtUs - 1_000_000 &&
      failure.sentAtUs <= readyAtUs + WARM_UP_US,
  )
}

const hasAnsweredBy = (pod: PodStory, atUs: number): boolean =>
  pod.firstAnsweredUs !== undefined && pod.firstAnsweredUs < atUs
