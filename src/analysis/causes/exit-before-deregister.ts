import { humanCount, humanUs } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { Evidence, PodStory } from '../analysis.ts'
import { outcomeText } from '../failure-windows.ts'
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
import { whenStopped } from './when-stopped.ts'

/** A refusal comes at once. */
const WAITED_US = 1_000_000

/** The process stopped listening before the proxies had forgotten the pod. */
export const exitBeforeDeregister: CauseRule = {
  cause: 'EXIT_BEFORE_DEREGISTER',
  title: 'Exit before deregistration',
  explain(failure, facts) {
    if (!isTurnedAway(failure) && !isBroken(failure, facts) && !isSentAway(failure))
      return undefined
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
      explanation: `The process stopped listening while ${facts.throughText} still sent it requests: ${humanCount(failures.length)} turned away or left without an answer, the last ${humanUs(lagUs)} after the pod had been deleted.${silentText(failures)}`,
      evidence: [...pods.flatMap(outEvidence).slice(0, 5), ...lastEvidence(failures, lagUs)],
      fix: {
        text: `Keep serving until every proxy has forgotten the pod: a preStop sleep of at least ${seconds} s.`,
        yaml: preStopYaml(facts.containerName, seconds),
      },
    }
  },
}

/** A pod that is ending may say so itself, with a 503 under its own name, to whoever still comes. */
const isSentAway = ({ status, answeredBy }: FailureEntry): boolean =>
  status === 503 && answeredBy !== undefined

/** What a proxy or a client waits for in vain is no overload, and no slow pod: that has to be said. */
function silentText(failures: readonly FailureEntry[]): string {
  const silent = failures.filter(
    ({ outcome, sentAtUs, endedAtUs }) =>
      outcome !== 'refused' && endedAtUs - sentAtUs >= WAITED_US,
  ).length
  return silent === 0
    ? ''
    : ` ${humanCount(silent)} of them waited in vain: from the address of a pod that is gone comes neither an answer nor a refusal, so that whoever sends there waits until time is up. These are not slow pods, and more pods would not help.`
}

function outEvidence(pod: PodStory): Evidence[] {
  const { name, outOfSliceUs, stopSignalUs } = pod
  if (outOfSliceUs === undefined || stopSignalUs === undefined) return []
  const lateUs = outOfSliceUs - stopSignalUs
  return [
    {
      atUs: outOfSliceUs,
      text: `${name} was seen out of the EndpointSlice ${humanUs(Math.abs(lateUs))} ${lateUs < 0 ? 'before' : 'after'} ${whenStopped(pod)}; proxies follow later`,
    },
  ]
}

function lastEvidence(failures: readonly FailureEntry[], lagUs: number): Evidence[] {
  const last = failures.toSorted((left, right) => left.sentAtUs - right.sentAtUs).at(-1)
  return last && lagUs > 0
    ? [
        {
          atUs: last.sentAtUs,
          text: `request ${last.seq} (${last.method}, ${outcomeText(last)}) was the last that was sent to such a pod`,
        },
      ]
    : []
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
