import { humanUs, plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { PodStory } from '../analysis.ts'
import { exitBeforeDeregister, forgottenUs } from './exit-before-deregister.ts'
import { preStopYaml } from '../pre-stop-yaml.ts'
import { isBesideTimelyAnswers, isTooLate } from './unanswered-by-gone.ts'
import { blame, type CauseRule, type Facts, isGatewayAnswer } from './cause-rule.ts'

/** A load balancer's deregistration takes seconds to a minute or so. */
const DEREGISTERED_US = 120_000_000
/** A request sent again by no proxy stands beside one that was: only then it was not a stale connection. */
const BESIDE_US = 2_000_000
/** A stale connection fails at once; what took longer was a new one. */
const AT_ONCE_US = 1_000_000

/** A load balancer went on sending requests to a pod for long after it had left the EndpointSlice and exited. */
export const lbDeregisterSlow: CauseRule = {
  cause: 'LB_DEREGISTER_SLOW',
  title: 'The load balancer forgets a pod slowly',
  explain(failure, facts) {
    if (facts.through === 'service' || !isGatewayAnswer(failure) || failure.status === 503)
      return undefined
    if (!wasNewConnection(failure, facts)) return undefined
    return blame(
      facts.pods.filter((pod) => {
        const goneUs = pod.exitSeenUs ?? pod.goneUs
        return (
          pod.deleteSeenUs !== undefined &&
          goneUs !== undefined &&
          failure.sentAtUs >= goneUs &&
          failure.sentAtUs <= goneUs + DEREGISTERED_US
        )
      }),
      failure,
    )
  },
  describe(failures, pods, facts) {
    const lagUs = longestLagUs(failures, pods)
    const seconds = Math.ceil(lagUs / 1_000_000) + 1
    return {
      explanation: `The load balancer still sent ${plural(failures.length, 'request')} to pods that had exited, the last ${humanUs(lagUs)} after a deletion: it deregisters its targets later than Kubernetes its endpoints.`,
      evidence: pods
        .slice(0, 5)
        .flatMap((pod) =>
          pod.exitSeenUs === undefined
            ? []
            : [{ atUs: pod.exitSeenUs, text: `${pod.name} was seen to have exited` }],
        ),
      fix: {
        text: `Keep serving until the load balancer has forgotten the pod: a preStop sleep of at least ${seconds} s, here. On AWS: target-type ip, the namespace’s label for readiness gates, and a deregistration delay that holds the longest request.`,
        yaml: preStopYaml(
          facts.containerName,
          seconds,
          seconds + Math.ceil(facts.longestServiceUs / 1_000_000) + 3,
        ),
      },
    }
  },
}

/**
 * The same of a balancer that was seen to go on for longer than the proxies of Kubernetes do: then it was that in the
 * first seconds too, and with requests that found no pod in time.
 */
export const lbSeenSlow: CauseRule = {
  ...lbDeregisterSlow,
  explain(failure, facts) {
    if (facts.through === 'service') return undefined
    const slow = facts.pods.filter((pod) => isStillSentTo(pod, facts))
    if (slow.length === 0) return undefined
    if (isTooLate(failure) && isBesideTimelyAnswers(failure, facts))
      return blame(
        slow.filter((pod) => (pod.exitSeenUs ?? pod.goneUs ?? Infinity) <= failure.endedAtUs),
        failure,
      )
    const early = exitBeforeDeregister.explain(failure, facts)?.pods
    return blame(
      slow.filter((pod) => early?.includes(pod.name)),
      failure,
    )
  },
}

/** Whether GETs failed at a gateway after every proxy of Kubernetes must have forgotten the pod. */
function isStillSentTo(pod: PodStory, facts: Facts): boolean {
  if (pod.deleteSeenUs === undefined) return false
  const fromUs = forgottenUs(pod, facts)
  return facts.gatewayGetsUs.some((atUs) => atUs > fromUs && atUs <= fromUs + DEREGISTERED_US)
}

const wasNewConnection = (failure: FailureEntry, { gatewayGetsUs }: Facts): boolean =>
  failure.endedAtUs - failure.sentAtUs >= AT_ONCE_US ||
  gatewayGetsUs.some((atUs) => Math.abs(atUs - failure.sentAtUs) <= BESIDE_US)

const longestLagUs = (failures: readonly FailureEntry[], pods: readonly PodStory[]): number => {
  const deleted = pods.flatMap((pod) => pod.deleteSeenUs ?? [])
  return Math.max(
    0,
    ...failures.map(
      ({ sentAtUs }) => sentAtUs - Math.max(0, ...deleted.filter((atUs) => atUs <= sentAtUs)),
    ),
  )
}
