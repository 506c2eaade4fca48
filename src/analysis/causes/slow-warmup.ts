import { humanUs, plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { PodStory } from '../analysis.ts'
import type { CauseRule } from './cause-rule.ts'

/** A pod that warms up longer than this has another problem. */
const WARM_UP_US = 30_000_000

/** A new pod was ready but slow: requests to it were not answered in time. */
export const slowWarmup: CauseRule = {
  cause: 'SLOW_WARMUP',
  title: 'New pod is ready but slow',
  explain(failure, facts) {
    const isLate =
      failure.outcome === 'response-timeout' ||
      (failure.status === 504 && failure.answeredBy === undefined)
    if (!isLate) return undefined
    const name = facts.through === 'ingress' ? undefined : failure.answeredBefore
    const pods = facts.pods.filter((pod) =>
      name === undefined ? isSilent(pod, failure) : pod.name === name && isYoung(pod, failure),
    )
    if (pods.length === 0) return undefined
    return { confidence: name === undefined ? 'medium' : 'high', pods: pods.map((pod) => pod.name) }
  },
  describe(failures, pods, facts) {
    return {
      explanation: `${plural(failures.length, 'request')} to ${pods.length === 1 ? 'a new pod' : 'new pods'} were not answered in time: Ready, but not warm yet.`,
      evidence: pods.slice(0, 5).flatMap((pod) =>
        pod.readyAtUs === undefined
          ? []
          : [
              {
                atUs: pod.readyAtUs,
                text:
                  pod.firstAnsweredUs === undefined
                    ? `${pod.name} became Ready and was never seen to answer`
                    : `${pod.name} became Ready and gave its first answer ${humanUs(Math.max(0, pod.firstAnsweredUs - pod.readyAtUs))} later`,
              },
            ],
      ),
      fix: {
        text: 'Warm up before being ready: let the readiness (or startup) probe pass only when the application answers fast, and let the rollout wait with minReadySeconds.',
        yaml: `spec:\n  minReadySeconds: 10\n  template:\n    spec:\n      containers:\n        - name: ${facts.containerName}\n          startupProbe:\n            httpGet: { path: /ready, port: 8080 } # your own\n            periodSeconds: 2\n            failureThreshold: 60\n`,
      },
    }
  },
}

/** It came during the run, and was ready for no longer than a warm-up. */
const isYoung = ({ readyAtUs, firstSeenUs }: PodStory, failure: FailureEntry): boolean =>
  readyAtUs !== undefined &&
  readyAtUs > firstSeenUs &&
  failure.endedAtUs >= readyAtUs &&
  failure.sentAtUs <= readyAtUs + WARM_UP_US

/** Young, and had not answered anything when the request was sent. */
const isSilent = (pod: PodStory, failure: FailureEntry): boolean =>
  isYoung(pod, failure) &&
  (pod.firstAnsweredUs === undefined || pod.firstAnsweredUs > failure.sentAtUs)
