import { humanAt, plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { PodStory } from '../analysis.ts'
import { fewestReady } from '../endpoint-counts.ts'
import { type CauseRule, type Facts, isTurnedAway } from './cause-rule.ts'
import { rolloutYaml } from './rollout-yaml.ts'

/** A proxy resets at once, on a busy machine a little later. */
const AT_ONCE_US = 50_000

/** No pod was ready: a proxy answers 503, or 404 as its route has gone too (Traefik); kube-proxy refuses. */
export const noEndpoints: CauseRule = {
  cause: 'NO_ENDPOINTS',
  title: 'No ready endpoint',
  explain(failure, facts) {
    const isProxys = isAnswerWithoutPod(failure, facts) || isResetByProxy(failure, facts)
    // Unreachable: the way to a pod that has just ended, when no other is left.
    if (!isTurnedAway(failure) && !isProxys) return undefined
    // The proxies learn of it later, and of the next endpoint later again.
    const fewest = fewestReady(
      facts.endpoints,
      failure.sentAtUs - facts.propagationUs,
      failure.endedAtUs,
    )
    return fewest === 0 ? { confidence: 'high', pods: [] } : undefined
  },
  describe(failures, _pods, facts) {
    const empty = facts.endpoints.filter((count) => count.ready === 0)
    return {
      explanation: `The Service had no ready endpoint, so ${plural(failures.length, 'request')} had nowhere to go.`,
      evidence: empty.slice(0, 3).map(({ atUs }) => ({
        atUs,
        text: `the last ready endpoint left the EndpointSlice at ${humanAt(atUs)} s`,
      })),
      fix: {
        text: 'Keep at least one ready pod at every moment: two replicas or more, and a rollout that makes a new pod ready before it takes an old one.',
        yaml: rolloutYaml(facts),
      },
    }
  },
}

/** A 404 is an application's own where it comes while there are pods too. */
const isAnswerWithoutPod = ({ status, answeredBy }: FailureEntry, facts: Facts): boolean =>
  answeredBy === undefined &&
  (status === 503 || (status === 404 && facts.through === 'ingress' && !facts.hasAppMade404))

/**
 * A proxy in user space has accepted the connection before it finds that the endpoints it still knows, those that are
 * terminating, have gone too.
 */
const isResetByProxy = (failure: FailureEntry, facts: Facts): boolean =>
  failure.outcome === 'reset-before-response' &&
  failure.connection === 'new' &&
  facts.through === 'service' &&
  (failure.endedAtUs - failure.sentAtUs < AT_ONCE_US || !facts.pods.some(isAlive(failure)))

/** Whether it can have been the pod that cut the request. */
const isAlive =
  ({ sentAtUs, endedAtUs }: FailureEntry) =>
  ({ readyAtUs = Infinity, exitSeenUs, goneUs = Infinity }: PodStory): boolean =>
    readyAtUs <= endedAtUs && (exitSeenUs ?? goneUs) > sentAtUs
