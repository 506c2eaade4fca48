import { mergeSparse, sparseQuantile } from '../base/histogram.ts'
import type { FailureEntry, Scenario } from '../recording/entry.ts'
import { histogramsOf } from '../recording/histograms-of.ts'
import type { Recording } from '../recording/recording.ts'
import { answerTimes } from './answer-times.ts'
import type { PodStory } from './analysis.ts'
import { type Facts, isGatewayAnswer, STRAY_SHARE } from './causes/cause-rule.ts'
import { silentAttempts } from './causes/conntrack-blackhole.ts'
import { endpointCounts, fewestReady } from './endpoint-counts.ts'
import { gatewaySays503 } from './gateway-says-503.ts'
import { firstCuts } from './first-cuts.ts'

type Through = NonNullable<Scenario['changed']>['through']

/**
 * How long proxies may still send new connections after an endpoint has left its slice (k8s-mechanics 3.3, 3.5):
 * kube-proxy writes at most once a second; ingress-nginx syncs every 3.3 s and its workers poll every second.
 */
const PROPAGATION_US = { service: 2_500_000, ingress: 6_000_000, url: 6_000_000 } as const

/** Puts together what the rules look at. */
export function gatherFacts(recording: Recording, pods: readonly PodStory[]): Facts {
  const serviceTime = mergeSparse(
    histogramsOf(recording.frames, ({ ended }) => [
      ended.new.serviceTime,
      ended.reused.serviceTime,
    ]),
  )
  const kind = recording.plan.scenario.changed?.through.kind ?? 'url'
  const through = wayOf(kind)
  const { labNetwork } = recording.meta.environment
  const usualUs = sparseQuantile(serviceTime, 0.5) ?? 0
  const workedOnUs = Math.min(20_000, Math.max(2_000, usualUs / 2))
  const endpoints = endpointCounts(recording)
  const propagationUs = PROPAGATION_US[through]
  const way = {
    through,
    ...(labNetwork !== undefined && { labNetwork }),
    gatewaySays503: gatewaySays503(recording, pods, { through, endpoints, propagationUs }),
  }
  return {
    ...way,
    pods,
    endpoints,
    answerTimes: answerTimes(recording),
    deployments: recording.cluster.flatMap((change) =>
      change.type === 'deployment' && change.change !== 'gone' ? [change] : [],
    ),
    silentAttempts: silentAttempts(recording.failures),
    gatewayGetsUs: gatewayGets(recording.failures),
    hasAppMade404: recording.failures.some(
      ({ status, sentAtUs, endedAtUs }) =>
        status === 404 && fewestReady(endpoints, sentAtUs - propagationUs, endedAtUs) !== 0,
    ),
    ...firstBadBody(recording.failures),
    throughText: THROUGH_TEXTS[kind],
    workloadKind: recording.plan.scenario.changed?.workload.kind ?? 'deployment',
    propagationUs,
    workedOnUs,
    firstCutUs: firstCuts(recording.failures, pods, { ...way, usualUs, workedOnUs }),
    containerName: containerName(recording),
    workloadName: recording.plan.scenario.changed?.workload.name ?? 'web',
    longestServiceUs: longestService(recording, pods),
  }
}

/** A Gateway is a proxy of HTTP as an Ingress is. */
const wayOf = (kind: Through['kind']): Facts['through'] =>
  kind === 'gateway' || kind === 'httproute' ? 'ingress' : kind

const THROUGH_TEXTS: Readonly<Record<Through['kind'], string>> = {
  service: 'the Service',
  ingress: 'the Ingress',
  gateway: 'the Gateway',
  httproute: 'the Gateway',
  url: 'a proxy',
}

/** As long as nothing is deleted: what waited at the address of a pod that was gone tells nothing of the requests. */
function longestService({ frames }: Recording, pods: readonly PodStory[]): number {
  const deletedUs = Math.min(...pods.map((pod) => pod.deleteSeenUs ?? Infinity))
  const longest = (some: Recording['frames']) =>
    sparseQuantile(
      mergeSparse(
        histogramsOf(some, ({ ended }) => [ended.new.serviceTime, ended.reused.serviceTime]),
      ),
      0.999,
    )
  return longest(frames.filter(({ atUs }) => atUs < deletedUs)) ?? longest(frames) ?? 0
}

const gatewayGets = (failures: readonly FailureEntry[]): number[] =>
  failures
    .filter((failure) => failure.method === 'GET' && isGatewayAnswer(failure))
    .filter(({ status }) => status !== 503)
    .map(({ sentAtUs }) => sentAtUs)
    .sort((left, right) => left - right)

function firstBadBody(failures: readonly FailureEntry[]): Pick<Facts, 'firstBadBodyUs'> {
  const instants = failures
    .filter(({ outcome }) => outcome === 'bad-body')
    .map(({ endedAtUs }) => endedAtUs)
    .sort((left, right) => left - right)
  const first = instants[Math.floor(instants.length * STRAY_SHARE)]
  return first === undefined ? {} : { firstBadBodyUs: first }
}

function containerName(recording: Recording): string {
  for (const change of recording.cluster) {
    const name = change.type === 'pod' ? change.pod.containers[0]?.name : undefined
    if (name !== undefined) return name
  }
  return 'app'
}
