import { humanCount, humanUs } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { PodStory } from '../analysis.ts'
import {
  blame,
  type CauseRule,
  endingPods,
  type Facts,
  isBroken,
  isTurnedAway,
  WATCH_LAG_US,
} from './cause-rule.ts'
import { preStopYaml } from '../pre-stop-yaml.ts'

/** The process stopped listening before the proxies had forgotten the pod. */
export const exitBeforeDeregister: CauseRule = {
  cause: 'EXIT_BEFORE_DEREGISTER',
  title: 'Exit before deregistration',
  explain(failure, facts) {
    if (!isTurnedAway(failure) && !isBroken(failure)) return undefined
    const pods = endingPods(failure, facts).filter(
      (pod) =>
        failure.endedAtUs >= deafFromUs(pod) - 2 * WATCH_LAG_US &&
        failure.sentAtUs <= forgottenUs(pod, facts),
    )
    return blame(pods, failure)
  },
  describe(failures, pods, facts) {
    const lagUs = longestLagUs(failures, pods)
    const seconds = facts.advice?.preStopSeconds ?? Math.ceil(lagUs / 1_000_000) + 1
    return {
      explanation: `The process stopped listening while ${throughWords[facts.through]} still sent it requests: ${humanCount(failures.length)} turned away or left without an answer, the last ${humanUs(lagUs)} after the pod had been deleted.`,
      evidence: pods.slice(0, 5).flatMap((pod) => [
        ...(pod.stopSignalUs === undefined
          ? []
          : [{ atUs: pod.stopSignalUs, text: `${pod.name} got its stop signal` }]),
        ...(pod.outOfSliceUs === undefined
          ? []
          : [
              {
                atUs: pod.outOfSliceUs,
                text: `${pod.name} was seen out of the EndpointSlice; proxies follow later`,
              },
            ]),
      ]),
      fix: {
        text: `Keep serving until every proxy has forgotten the pod: a preStop sleep of at least ${seconds} s.`,
        yaml: preStopYaml(facts.containerName, seconds),
      },
    }
  },
}

/** The instant from which the pod may take no connection; a hook that is a command may itself be what closes the listener. */
function deafFromUs({
  stopSignalUs = 0,
  hasPreStop,
  preStopSeconds,
  deleteSeenUs,
}: PodStory): number {
  const hasCommand = hasPreStop && preStopSeconds === undefined
  return hasCommand ? Math.min(stopSignalUs, deleteSeenUs ?? stopSignalUs) : stopSignalUs
}

/** The instant from which no proxy sends to a pod any more. */
export const forgottenUs = (pod: PodStory, facts: Facts): number =>
  Math.max(pod.outOfSliceUs ?? 0, pod.deleteSeenUs ?? 0) + facts.propagationUs

const throughWords = {
  service: 'the Service',
  ingress: 'the Ingress',
  url: 'the way to it',
} as const

function longestLagUs(failures: readonly FailureEntry[], pods: readonly PodStory[]): number {
  const deleted = pods.flatMap((pod) => pod.deleteSeenUs ?? [])
  return Math.max(
    0,
    ...failures.map((failure) => {
      const before = deleted.filter((atUs) => atUs <= failure.sentAtUs)
      return before.length === 0 ? 0 : failure.sentAtUs - Math.max(...before)
    }),
  )
}
