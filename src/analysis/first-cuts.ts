import type { FailureEntry } from '../recording/entry.ts'
import type { PodStory } from './analysis.ts'
import { type Facts, isBroken, WATCH_LAG_US, wasKilledAtGraceEnd } from './causes/cause-rule.ts'

/** How far off the stop signal may be when an Event told of it. */
const SIGNAL_SLACK_US = 30_000
/** On the pod's own connection it counts what was sent this long before the signal. */
const SENT_BEFORE_US = 10_000
/** Behind a gateway that lags a request may wait so long before it is sent to a pod at all. */
const WAITED_AT_GATEWAY_US = 30_000
/** Longer than that none waits. */
const LONG_BEFORE_US = 60_000

/**
 * When each pod was first seen to cut a request around its stop signal: one that had been sent clearly before the signal
 * and broke at it or after it. Such a request was being worked on, so the process does not finish what it has begun, and
 * this is when it ended. A pod without an entry has cut nothing that can be told from a request that came too late.
 */
export function firstCuts(
  failures: readonly FailureEntry[],
  pods: readonly PodStory[],
  { through, usualUs, workedOnUs }: Pick<Facts, 'through' | 'workedOnUs'> & { usualUs: number },
): Map<string, number> {
  const leastUs =
    through === 'service'
      ? Math.max(SENT_BEFORE_US, workedOnUs)
      : Math.min(LONG_BEFORE_US, Math.max(WAITED_AT_GATEWAY_US, usualUs / 2))
  const broken = failures
    .filter((failure) => isBroken(failure) && failure.endedAtUs - failure.sentAtUs >= workedOnUs)
    .toSorted((left, right) => left.endedAtUs - right.endedAtUs)
  const first = new Map<string, number>()
  for (const pod of pods) {
    const { uid, name, stopSignalUs, killingUs, exitSeenUs = Infinity } = pod
    if (stopSignalUs === undefined || wasKilledAtGraceEnd(pod)) continue
    const slackUs = killingUs === undefined ? WATCH_LAG_US : SIGNAL_SLACK_US
    const cuts = broken.filter(
      (failure) =>
        isOnPod(failure, name, through) &&
        failure.endedAtUs >= stopSignalUs - slackUs &&
        failure.endedAtUs <= exitSeenUs &&
        failure.sentAtUs <= stopSignalUs - leastUs,
    )
    // One alone may have waited at the gateway.
    const isClear =
      through === 'service' ||
      cuts.length > 1 ||
      cuts.some(({ sentAtUs }) => sentAtUs <= stopSignalUs - LONG_BEFORE_US)
    if (cuts[0] && isClear) first.set(uid, cuts[0].endedAtUs)
  }
  return first
}

/** Whether the failure can have been on this pod; through an ingress a connection tells nothing. */
function isOnPod(failure: FailureEntry, name: string, through: Facts['through']): boolean {
  const known = failure.answeredBy ?? (through === 'ingress' ? undefined : failure.answeredBefore)
  return known === undefined || known === name
}
