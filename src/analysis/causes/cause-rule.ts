import type { DeploymentFacts, FailureEntry } from '../../recording/entry.ts'
import type {
  Attribution,
  CauseFound,
  CauseId,
  Evidence,
  PodStory,
  ShutdownAdvice,
} from '../analysis.ts'
import type { AnswerTimes } from '../answer-times.ts'
import type { EndpointCount } from '../endpoint-counts.ts'
import { podNamed } from '../pod-named.ts'
import type { WorkloadKind } from './rollout-yaml.ts'

/** Everything a rule may look at. */
export interface Facts {
  readonly pods: readonly PodStory[]
  readonly endpoints: readonly EndpointCount[]
  /** The Deployment whenever it changed. */
  readonly deployments: readonly DeploymentAt[]
  /** When GETs failed with a gateway's 502 or 504, in order. */
  readonly gatewayGetsUs: readonly number[]
  /** Whether a 404 came while endpoints were ready all the time, so that no proxy can have made it for want of them. */
  readonly hasAppMade404: boolean
  /** When answers with wrong bodies began to come, but for strays. */
  readonly firstBadBodyUs?: number
  readonly through: 'service' | 'ingress' | 'url'
  /** The same in words: the Gateway. */
  readonly throughText: string
  readonly workloadKind: WorkloadKind
  /** A 503 without a pod's name is a gateway's, for a connection that failed. */
  readonly gatewaySays503: boolean
  /** How the lab made its network; absent on a cluster. */
  readonly labNetwork?: string
  /** After an endpoint has left its slice, new connections may still reach the pod for so long (k8s-mechanics 3.8). */
  readonly propagationUs: number
  /** Half of the usual service time, at most 20 ms: a request that took longer was being worked on. */
  readonly workedOnUs: number
  /** When a pod was first seen to cut what it was working on, around its stop signal; none: it was not seen to; by its uid. */
  readonly firstCutUs: ReadonlyMap<string, number>
  /** Name of the container to show in a fix. */
  readonly containerName: string
  /** For a fix; of the Deployment or the like. */
  readonly workloadName: string
  /** Of nearly all answers, from before the first deletion where there are any. */
  readonly longestServiceUs: number
  /** When connections were tried that nobody answered, by our port. */
  readonly silentAttempts: ReadonlyMap<number, readonly number[]>
  readonly answerTimes: readonly AnswerTimes[]
  /** From the drain times, when causes are described. */
  readonly advice?: ShutdownAdvice
}

export interface DeploymentAt {
  readonly atUs: number
  readonly deployment: DeploymentFacts
}

/** One cause: when it explains a failure, and what to say of it. */
export interface CauseRule {
  readonly cause: CauseId
  readonly title: string
  /** The attribution, or undefined when this rule does not explain the failure. */
  explain(failure: FailureEntry, facts: Facts): Omit<Attribution, 'cause'> | undefined
  /** What happened, in words, for all the failures it explained. */
  describe(failures: readonly FailureEntry[], pods: readonly PodStory[], facts: Facts): Description
}

export interface Description {
  readonly explanation: string
  readonly evidence: readonly Evidence[]
  readonly fix: CauseFound['fix']
}

/** Several pods at once are told apart only by the identity header; else the confidence is lower. */
export function blame(
  pods: readonly PodStory[],
  failure: FailureEntry,
): Omit<Attribution, 'cause'> | undefined {
  if (pods.length === 0) return undefined
  const named = podOf(failure, failure.answeredBy ?? failure.answeredBefore, pods)
  const chosen = named ? [named] : pods
  const stops = chosen.map((pod) => pod.stopSignalUs ?? pod.readyAtUs ?? 0)
  const spreadUs = Math.max(...stops) - Math.min(...stops)
  return {
    confidence: chosen.length === 1 || spreadUs < 500_000 ? 'high' : 'medium',
    pods: chosen.map((pod) => pod.name),
  }
}

/**
 * Which of the pods of a name a failure speaks of: the one that answered it, or the one to which its connection was
 * opened. Undefined: no name, or none of these pods has it.
 */
export function podOf(
  { answeredBy, sentAtUs, endedAtUs, connectionAgeUs }: FailureEntry,
  name: string | undefined,
  pods: readonly PodStory[],
): PodStory | undefined {
  if (name === undefined) return undefined
  return podNamed(pods, name, answeredBy === name ? endedAtUs : sentAtUs - connectionAgeUs)
}

/** Whether the failure is a gateway's answer rather than a cut connection. */
export const isGatewayAnswer = (failure: FailureEntry): boolean =>
  failure.outcome === 'bad-status' &&
  failure.answeredBy === undefined &&
  (failure.status === 502 || failure.status === 504 || failure.status === 503)

/** Whether the connection or the try behind a gateway broke before an answer, or within it. */
export const isBroken = (
  failure: FailureEntry,
  { gatewaySays503 }: Pick<Facts, 'gatewaySays503'>,
): boolean =>
  /^(?:reset|closed)-/.test(failure.outcome) ||
  (isGatewayAnswer(failure) && (failure.status !== 503 || gatewaySays503))

/**
 * Whether the client's connection is the pod's own: not through a gateway, nor, until it has been answered on, through a
 * lab's Service that is a proxy in user space.
 */
export const isDirect = (
  { connection }: FailureEntry,
  { through, labNetwork = 'kernel' }: Pick<Facts, 'through' | 'labNetwork'>,
): boolean => through === 'service' && (labNetwork === 'kernel' || connection === 'reused')

/** Of failures of a kind, one in twenty may have another reason. */
export const STRAY_SHARE = 0.05

/** Watch arrivals are this much behind the real moment at most, in the usual case. */
export const WATCH_LAG_US = 150_000

/** Deleted pods whose connection this failure can have been on: the named one where it is known. */
export function endingPods(failure: FailureEntry, facts: Facts): PodStory[] {
  const ending = facts.pods.filter((pod) => pod.stopSignalUs !== undefined)
  // Through an ingress a connection is not tied to a pod, so what was answered before says nothing.
  const name =
    failure.answeredBy ?? (facts.through === 'ingress' ? undefined : failure.answeredBefore)
  return name === undefined
    ? ending
    : ending.filter((pod) => pod === podOf(failure, name, facts.pods))
}

/** The latest that a stop signal can have come: a hook whose length is not known may have lasted until the exit. */
export function latestSignalUs(pod: PodStory): number {
  const { hasPreStop, preStopSeconds, stopSignalUs = 0, exitSeenUs, graceEndUs } = pod
  const isKnown = !hasPreStop || preStopSeconds !== undefined
  return isKnown ? stopSignalUs : Math.max(stopSignalUs, exitSeenUs ?? graceEndUs ?? 0)
}

/** Whether the pod was killed because its grace had run out. */
export function wasKilledAtGraceEnd(pod: PodStory): boolean {
  const { exitCode, exitSeenUs, graceEndUs } = pod
  return (
    exitCode === 137 &&
    exitSeenUs !== undefined &&
    graceEndUs !== undefined &&
    exitSeenUs > graceEndUs - 1_000_000
  )
}

/** The instant from which the pod served nothing any more, as well as it can be told. */
export function deadFromUs(pod: PodStory, facts: Facts): number {
  if (wasKilledAtGraceEnd(pod)) return (pod.graceEndUs ?? 0) - WATCH_LAG_US
  return facts.firstCutUs.get(pod.uid) ?? (pod.stopSignalUs ?? 0) - WATCH_LAG_US
}

/** Whether no connection could be opened. */
export const isTurnedAway = (failure: FailureEntry): boolean =>
  failure.outcome === 'refused' ||
  failure.outcome === 'unreachable' ||
  failure.outcome === 'connect-timeout'

/** The Deployment as it was at an instant. */
export const deploymentAt = (facts: Facts, atUs: number): DeploymentFacts | undefined =>
  facts.deployments.findLast((one) => one.atUs <= atUs)?.deployment
