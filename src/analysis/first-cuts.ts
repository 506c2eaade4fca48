import type { FailureEntry } from '../recording/entry.ts'
import type { PodStory } from './analysis.ts'
import {
  type Facts,
  isBroken,
  isDirect,
  latestSignalUs,
  WATCH_LAG_US,
  wasKilledAtGraceEnd,
} from './causes/cause-rule.ts'

/** How far off the stop signal may be when an Event told of it. */
const SIGNAL_SLACK_US = 30_000
/** On the pod's own connection it counts what was sent this long before the signal. */
const SENT_BEFORE_US = 10_000
/** At a proxy that lags a request may wait so long before it is sent to a pod at all; one alone, longer. */
const WAITED_AT_PROXY_US = 30_000
const LONG_BEFORE_US = 60_000
/** A process that ends at its signal takes a moment for it. */
const DYING_US = 20_000

type Known = Pick<Facts, 'through' | 'labNetwork' | 'workedOnUs' | 'gatewaySays503'> & {
  readonly usualUs: number
}

/**
 * When each pod was first seen to cut a request around its stop signal, where the pods are of the kind that does: some
 * requests had been sent clearly before a signal and broke at it or after it, so they were being worked on, and the
 * process does not finish what it has begun. Empty when nothing that was cut can be told from what came too late.
 */
export function firstCuts(
  failures: readonly FailureEntry[],
  pods: readonly PodStory[],
  known: Known,
): Map<string, number> {
  const broken = failures
    .filter((one) => isBroken(one, known) && one.endedAtUs - one.sentAtUs >= known.workedOnUs)
    .toSorted((left, right) => left.endedAtUs - right.endedAtUs)
  const around = pods.flatMap((pod) => {
    if (pod.stopSignalUs === undefined || wasKilledAtGraceEnd(pod)) return []
    const cuts = broken.filter((failure) => isAround(pod, failure, known))
    return [{ uid: pod.uid, signalUs: latestSignalUs(pod), cuts }]
  })
  const isKindThatCuts = isEvident(around, known)
  return new Map(
    around.flatMap(({ uid, cuts: [first] }): [string, number][] =>
      first && isKindThatCuts ? [[uid, first.endedAtUs]] : [],
    ),
  )
}

/** Whether the failure can have been on this pod and have broken as it ended. */
function isAround(pod: PodStory, failure: FailureEntry, { through }: Known): boolean {
  const { stopSignalUs = 0, killingUs, exitSeenUs = Infinity } = pod
  const slackUs = killingUs === undefined ? WATCH_LAG_US : SIGNAL_SLACK_US
  // Through an ingress a connection tells nothing.
  const name = failure.answeredBy ?? (through === 'ingress' ? undefined : failure.answeredBefore)
  return (
    (name === undefined || name === pod.name) &&
    failure.endedAtUs >= stopSignalUs - slackUs &&
    failure.endedAtUs <= exitSeenUs &&
    failure.sentAtUs <= latestSignalUs(pod) + DYING_US
  )
}

/** One request is enough on the pod's own connection, or when it had been sent long before; else it takes two. */
function isEvident(
  around: readonly { readonly signalUs: number; readonly cuts: readonly FailureEntry[] }[],
  known: Known,
): boolean {
  const directUs = Math.max(SENT_BEFORE_US, known.workedOnUs)
  const byProxyUs = Math.min(LONG_BEFORE_US, Math.max(WAITED_AT_PROXY_US, known.usualUs / 2))
  const early = new Map<FailureEntry, number>()
  for (const { signalUs, cuts } of around) {
    for (const cut of cuts) {
      // Of several pods that it may have been on, the one whose signal came first.
      const beforeUs = Math.min(early.get(cut) ?? Infinity, signalUs - cut.sentAtUs)
      early.set(cut, beforeUs)
    }
  }
  const clear = [...early].filter(
    ([cut, beforeUs]) => beforeUs >= (isDirect(cut, known) ? directUs : byProxyUs),
  )
  return (
    clear.length > 1 ||
    clear.some(([cut, beforeUs]) => isDirect(cut, known) || beforeUs >= LONG_BEFORE_US)
  )
}
