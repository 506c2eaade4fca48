import { humanAt, plural } from '../../base/units.ts'
import { fewestReady } from '../endpoint-counts.ts'
import type { CauseRule } from './cause-rule.ts'

/** No pod was ready: a proxy answers 503, kube-proxy refuses. */
export const noEndpoints: CauseRule = {
  cause: 'NO_ENDPOINTS',
  title: 'No ready endpoint',
  explain(failure, facts) {
    const isRefused = failure.outcome === 'refused' || failure.outcome === 'connect-timeout'
    const is503 = failure.status === 503 && failure.answeredBy === undefined
    if (!isRefused && !is503) return undefined
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
        yaml: 'spec:\n  replicas: 2\n  strategy:\n    type: RollingUpdate\n    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }\n',
      },
    }
  },
}
