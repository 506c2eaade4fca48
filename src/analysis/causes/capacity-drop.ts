import { plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import { fewestReady } from '../endpoint-counts.ts'
import { type CauseRule, type Facts } from './cause-rule.ts'
import { rolloutYaml } from './rollout-yaml.ts'

/** What pods say, or what is said for them, when there is more to do than they can. */
const OVERLOADED: ReadonlySet<number> = new Set([429, 503, 504])

/** Too few pods were left for the load: they answered late, not at all, or that they could not. */
export const capacityDrop: CauseRule = {
  cause: 'CAPACITY_DROP',
  title: 'Too few pods for the load',
  explain(failure, facts) {
    if (!isOverload(failure)) return undefined
    const { fewest, most } = readyAround(failure, facts)
    return fewest !== undefined && fewest < most
      ? { confidence: 'medium', pods: failure.answeredBy === undefined ? [] : [failure.answeredBy] }
      : undefined
  },
  describe(failures, _pods, facts) {
    const least = Math.min(
      ...failures.flatMap((failure) => readyAround(failure, facts).fewest ?? []),
    )
    return {
      explanation: `${plural(failures.length, 'request')} got no answer in time, or were told to come later, while only ${least} of ${mostReady(facts)} pods were ready.`,
      evidence: facts.endpoints
        .filter(({ ready }) => ready < mostReady(facts))
        .slice(0, 3)
        .map(({ atUs, ready }) => ({ atUs, text: `${plural(ready, 'endpoint')} ready` })),
      fix: {
        text: 'Keep enough ready pods for the load at every moment: take no old pod before a new one is ready (maxUnavailable 0), wait with minReadySeconds until it is warm, and do not scale below what the load needs.',
        yaml: rolloutYaml(facts),
      },
    }
  },
}

const isOverload = (failure: FailureEntry): boolean =>
  failure.outcome === 'response-timeout' ||
  (failure.outcome === 'bad-status' && OVERLOADED.has(failure.status ?? 0))

const mostReady = (facts: Facts): number =>
  Math.max(0, ...facts.endpoints.map(({ ready }) => ready))

/** The fewest ready endpoints around a failure, and the most that there were before it. */
function readyAround(
  failure: FailureEntry,
  facts: Facts,
): { readonly fewest: number | undefined; readonly most: number } {
  const before = facts.endpoints.filter(({ atUs }) => atUs <= failure.endedAtUs)
  return {
    fewest: fewestReady(facts.endpoints, failure.sentAtUs - facts.propagationUs, failure.endedAtUs),
    most: Math.max(0, ...before.map(({ ready }) => ready)),
  }
}
