import { humanUs, plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import { type CauseRule, type Facts, isGatewayAnswer } from './cause-rule.ts'

/** A registry's clients notice that an instance is gone within a minute or so. */
const STALE_US = 90_000_000

/** The application answered, and the answer was not ok. */
export const appError: CauseRule = {
  cause: 'APP_ERROR',
  title: 'The application answered with an error',
  explain(failure) {
    if (!isAppMade(failure)) return undefined
    const { answeredBy } = failure
    return answeredBy === undefined
      ? { confidence: 'medium', pods: [] }
      : { confidence: 'high', pods: [answeredBy] }
  },
  describe: (failures) => ({
    explanation: `${plural(failures.length, 'request')} got a whole answer from the application itself: ${kindsText(failures)}. No pod was too young or too old for it.`,
    evidence: answersOf(failures),
    fix: {
      text: 'Look for these requests in the application’s log; nothing of the rollout made these answers.',
    },
  }),
}

/** Answers are wrong since pods were removed: whoever answers still calls instances that are gone. */
export const staleDiscovery: CauseRule = {
  cause: 'STALE_DISCOVERY',
  title: 'A service registry still names removed pods',
  explain(failure, facts) {
    if (failure.outcome !== 'bad-body') return undefined
    const removed = facts.pods.filter((pod) => isRemovedBefore(pod.deleteSeenUs, failure, facts))
    return removed.length === 0
      ? undefined
      : { confidence: 'medium', pods: removed.map((pod) => pod.name) }
  },
  describe(failures, pods) {
    const removedUs = Math.min(...pods.flatMap((pod) => pod.deleteSeenUs ?? []))
    const lastUs = Math.max(removedUs, ...failures.map(({ endedAtUs }) => endedAtUs))
    return {
      explanation: `${plural(failures.length, 'answer')} of living pods had a wrong body, the first after pods had been removed and the last ${humanUs(lastUs - removedUs)} later: somebody behind them still calls the removed instances. Kubernetes’ endpoints have no part in it.`,
      evidence: [
        ...pods
          .slice(0, 3)
          .flatMap((pod) =>
            pod.deleteSeenUs === undefined
              ? []
              : [{ atUs: pod.deleteSeenUs, text: `${pod.name} was deleted` }],
          ),
        ...answersOf(failures).slice(0, 2),
      ],
      fix: {
        text: `Take the instance out of the registry in the preStop hook, and go on serving until its clients have refreshed their lists (here at least ${humanUs(lastUs - removedUs)}); let clients try another instance when a call fails.`,
      },
    }
  },
}

function isRemovedBefore(
  deleteSeenUs: number | undefined,
  failure: FailureEntry,
  { firstBadBodyUs }: Facts,
): boolean {
  return (
    deleteSeenUs !== undefined &&
    deleteSeenUs <= failure.endedAtUs &&
    deleteSeenUs + STALE_US >= failure.sentAtUs &&
    // Bodies that were wrong before have another reason.
    (firstBadBodyUs ?? 0) >= deleteSeenUs
  )
}

const isAppMade = (failure: FailureEntry): boolean =>
  failure.outcome === 'bad-body' ||
  failure.outcome === 'bad-header' ||
  (failure.outcome === 'bad-status' && !isGatewayAnswer(failure))

const kindOf = ({ outcome, status }: FailureEntry) =>
  outcome === 'bad-status' ? `status ${status ?? 0}` : outcome

const kindsText = (failures: readonly FailureEntry[]): string =>
  [...new Set(failures.map(kindOf))].slice(0, 5).join(', ')

const answersOf = (failures: readonly FailureEntry[]) =>
  failures.slice(0, 5).map((failure) => ({
    atUs: failure.endedAtUs,
    text: `request ${failure.seq} (${failure.method}): ${kindOf(failure)}${
      failure.answeredBy === undefined ? '' : ` from ${failure.answeredBy}`
    }`,
  }))
