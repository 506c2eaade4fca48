import { humanCount, humanUs, plural, US_PER_SECOND } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { Evidence, PodStory } from '../analysis.ts'
import { preStopYaml } from '../pre-stop-yaml.ts'
import {
  blame,
  type CauseRule,
  endingPods,
  type Facts,
  isBroken,
  isDirect,
  isGatewayAnswer,
  latestSignalUs,
  WATCH_LAG_US,
} from './cause-rule.ts'
import { forgottenUs } from './exit-before-deregister.ts'
import { whenStopped } from './when-stopped.ts'

/** No gateway keeps a request so long before it sends it on, if it is not far behind. */
const CLEARLY_BEFORE_US = 60_000
/** What was sent just before the end breaks with the rest. */
const TOGETHER_US = 10_000

/** An exit at once is seen within this time. */
const DRAIN_US = 2_000_000

/** The process ended at its stop signal with requests open. */
export const inflightCutAtTerm: CauseRule = {
  cause: 'INFLIGHT_CUT_AT_TERM',
  title: 'In-flight requests cut at the stop signal',
  explain(failure, facts) {
    if (isCutWithinPod(failure)) return blame(dyingPods(failure, facts), failure)
    const retried = endingPods(failure, facts).filter((pod) => wasCutFirst(pod, failure, facts))
    if (retried.length > 0) return blame(retried, failure)
    if (!isBroken(failure, facts)) return undefined
    const pods = dyingPods(failure, facts).filter(
      (pod) =>
        wasAtWork(pod, failure, facts) && !(isGatewayAnswer(failure) && wasDraining(pod, failure)),
    )
    return blame(pods, failure)
  },
  describe(failures, pods, facts) {
    const longestSeconds = facts.longestServiceUs / US_PER_SECOND
    // What a preStop sleep needs for the proxies holds a margin of 1 s.
    const seconds =
      facts.advice === undefined
        ? Math.ceil(longestSeconds) + 1
        : facts.advice.preStopSeconds + Math.floor(longestSeconds)
    const graceSeconds = Math.max(
      facts.advice?.graceSeconds ?? 0,
      seconds + Math.ceil(longestSeconds) + 3,
    )
    return {
      explanation: `The process ended at its stop signal and cut ${plural(failures.length, 'request')} that it was still answering.`,
      evidence: [
        ...pods.slice(0, 4).flatMap(endEvidence),
        ...failures.slice(0, 2).map(cutEvidence),
      ],
      fix: {
        text: `Stop gracefully: finish what is in flight, then exit (nginx: STOPSIGNAL SIGQUIT). A program that cannot needs a preStop sleep that holds, after the proxies have forgotten the pod, its longest request besides: here ${seconds} s.`,
        yaml: preStopYaml(facts.containerName, seconds, graceSeconds),
      },
    }
  },
}

function endEvidence(pod: PodStory): Evidence[] {
  const { name, stopSignalUs, exitSeenUs, exitCode, graceSeconds } = pod
  if (stopSignalUs === undefined) return []
  const exit =
    exitSeenUs === undefined
      ? ''
      : `; its exit (code ${exitCode ?? '?'}) was seen ${humanUs(Math.max(0, exitSeenUs - stopSignalUs))} later, of ${graceSeconds} s of grace`
  return [{ atUs: stopSignalUs, text: `${name}: ${whenStopped(pod)}${exit}` }]
}

const cutEvidence = ({
  seq,
  method,
  outcome,
  sentAtUs,
  endedAtUs,
  bytesReceived,
}: FailureEntry): Evidence => ({
  atUs: endedAtUs,
  text: `request ${seq} (${method}) was cut ${humanUs(endedAtUs - sentAtUs)} after it had been sent${
    outcome.endsWith('-in-body') ? `, ${humanCount(bytesReceived)} bytes into its answer` : ''
  }`,
})

/** A server in front of another one in the same pod says that the other one is gone: nginx of php-fpm. */
const isCutWithinPod = ({ outcome, status, answeredBy }: FailureEntry): boolean =>
  outcome === 'bad-status' && answeredBy !== undefined && (status === 502 || status === 504)

/**
 * Those that were between their stop signal and their exit when the request ended. A body that the pod had begun is
 * read to its end later than that by a client that lags.
 */
const dyingPods = (failure: FailureEntry, facts: Facts): PodStory[] =>
  endingPods(failure, facts).filter(
    (pod) =>
      failure.endedAtUs >= (pod.stopSignalUs ?? 0) - WATCH_LAG_US &&
      ((isInBody(failure) && failure.answeredBy === pod.name) ||
        failure.endedAtUs <= (pod.exitSeenUs ?? pod.goneUs ?? Infinity) + WATCH_LAG_US),
  )

const isInBody = ({ outcome }: FailureEntry): boolean =>
  outcome === 'reset-in-body' || outcome === 'closed-in-body'

/**
 * Whether the pod had begun with the request: it was sent before the stop signal, and broke with the others of a pod that
 * was seen to cut what it works on. Where nothing was seen to be cut, such requests were turned away.
 */
function wasAtWork(pod: PodStory, failure: FailureEntry, facts: Facts): boolean {
  const { sentAtUs, endedAtUs } = failure
  // Whoever had begun to answer was at work, whenever the request came: a signal may come late.
  if (isInBody(failure)) return true
  const cutUs = facts.firstCutUs.get(pod.uid)
  if (cutUs === undefined || endedAtUs < cutUs - TOGETHER_US) return false
  const isSlow = endedAtUs - sentAtUs >= facts.workedOnUs
  const signalUs = Math.min(latestSignalUs(pod), Math.max(cutUs, pod.stopSignalUs ?? 0))
  if (sentAtUs > signalUs) return false
  return isSlow || (isDirect(failure, facts) && endedAtUs <= cutUs + TOGETHER_US)
}

/**
 * Whether a gateway's late word is of a request that was at work when the pod ended, and that was then sent to others in
 * vain: it had come clearly before the signal, not so early that it must have been answered by then, and before there was
 * any pod that could have turned it away.
 */
function wasCutFirst(
  { name, stopSignalUs = 0 }: PodStory,
  failure: FailureEntry,
  facts: Facts,
): boolean {
  const beforeUs = stopSignalUs - failure.sentAtUs
  return (
    facts.through !== 'service' &&
    facts.firstCutUs.has(name) &&
    (isGatewayAnswer(failure) || failure.outcome === 'response-timeout') &&
    beforeUs >= CLEARLY_BEFORE_US &&
    beforeUs <= facts.longestServiceUs &&
    failure.endedAtUs >= stopSignalUs &&
    !facts.pods.some(
      (pod) =>
        (pod.stopSignalUs ?? Infinity) <= failure.sentAtUs &&
        failure.sentAtUs <= forgottenUs(pod, facts),
    )
  )
}

/**
 * The pod had its stop signal a while ago, went on with its work, and then ended well: it has cut nothing. A gateway that
 * lags turned the request away only then.
 */
const wasDraining = (
  { stopSignalUs = 0, exitSeenUs = 0, exitCode }: PodStory,
  failure: FailureEntry,
) =>
  exitCode === 0 &&
  exitSeenUs - stopSignalUs > DRAIN_US &&
  failure.endedAtUs > stopSignalUs + 2 * WATCH_LAG_US
