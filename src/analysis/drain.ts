import { humanUs, US_PER_SECOND } from '../base/units.ts'
import type { FailureEntry } from '../recording/entry.ts'
import type {
  Attribution,
  CauseId,
  DrainSummary,
  PodStory,
  ShutdownAdvice,
  Spread,
} from './analysis.ts'
import type { Facts } from './causes/cause-rule.ts'
import { podNamed } from './pod-named.ts'
import { preStopYaml } from './pre-stop-yaml.ts'

/**
 * Drain times over all pods that were deleted under load: from the arrival of deletionTimestamp to the last request that still
 * came, whether the pod answered it or was already gone.
 */
export function drainSummary(
  pods: readonly PodStory[],
  failures: readonly FailureEntry[],
  causeOf: ReadonlyMap<number, Attribution>,
  loadEndedUs: number,
): DrainSummary {
  const deleted = pods.filter(
    (pod) => pod.deleteSeenUs !== undefined && pod.deleteSeenUs < loadEndedUs,
  )
  const turnedAway = lastTurnedAway(pods, failures, causeOf)
  const drain = (pod: PodStory, lastSentUs: number | undefined) =>
    lastSentUs === undefined ? [] : [Math.max(0, lastSentUs - (pod.deleteSeenUs ?? 0))]
  const newSpread = spread(
    deleted.flatMap((pod) =>
      drain(pod, latest(pod.lastAnsweredSentUs.new, turnedAway.get(`new ${pod.uid}`))),
    ),
  )
  const reusedSpread = spread(
    deleted.flatMap((pod) =>
      drain(pod, latest(pod.lastAnsweredSentUs.reused, turnedAway.get(`reused ${pod.uid}`))),
    ),
  )
  const gone = spread(
    deleted.flatMap((pod) =>
      pod.goneUs === undefined ? [] : [pod.goneUs - (pod.deleteSeenUs ?? 0)],
    ),
  )
  return {
    pods: deleted.length,
    ...(newSpread && { new: newSpread }),
    ...(reusedSpread && { reused: reusedSpread }),
    ...(gone && { gone }),
  }
}

const latest = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined ? right : right === undefined ? left : Math.max(left, right)

/** The last request that was sent to each pod in vain, by use of the connection. */
function lastTurnedAway(
  pods: readonly PodStory[],
  failures: readonly FailureEntry[],
  causeOf: ReadonlyMap<number, Attribution>,
): Map<string, number> {
  const last = new Map<string, number>()
  for (const failure of failures) {
    const attribution = causeOf.get(failure.seq)
    if (attribution?.cause !== 'EXIT_BEFORE_DEREGISTER') continue
    for (const name of attribution.pods) {
      const key = `${failure.connection} ${podNamed(pods, name, failure.sentAtUs)?.uid ?? name}`
      last.set(key, Math.max(last.get(key) ?? 0, failure.sentAtUs))
    }
  }
  return last
}

function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((left, right) => left - right)
  const at = (quantile: number) => sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0
  return { count: sorted.length, p50Us: at(0.5), p95Us: at(0.95), maxUs: at(1) }
}

const MARGIN_SECONDS = 1
/**
 * One run sees one draw of a delay that varies: what proxies take is known to reach these (k8s-mechanics 3.3, 3.5, 5.3),
 * so less is never advised.
 */
const USUAL_SECONDS = { service: 3, ingress: 5, url: 3 } as const
/** Of the grace over what it must hold (k8s-mechanics 5.3 C). */
const GRACE_MARGIN_SECONDS = 3

/** Causes that a preStop sleep is for. */
const CURED: ReadonlySet<CauseId> = new Set(['EXIT_BEFORE_DEREGISTER', 'INFLIGHT_CUT_AT_TERM'])

/** What preStop and grace would have to be, by the longest drain of this run; undefined when that would cure nothing. */
export function shutdownAdvice(
  drain: DrainSummary,
  causeOf: ReadonlyMap<number, Attribution>,
  facts: Facts,
): ShutdownAdvice | undefined {
  if (![...causeOf.values()].some(({ cause }) => CURED.has(cause))) return undefined
  // Behind an ingress the client's connection is not the pod's: one that is reused drains like a new one.
  const reusedUs = facts.through === 'ingress' ? (drain.reused?.maxUs ?? 0) : 0
  const longestUs = Math.max(drain.new?.maxUs ?? 0, reusedUs)
  const usualSeconds = USUAL_SECONDS[facts.through]
  const preStopSeconds = Math.max(
    usualSeconds,
    Math.ceil(longestUs / US_PER_SECOND) + MARGIN_SECONDS,
  )
  const requestSeconds = Math.ceil(facts.longestServiceUs / US_PER_SECOND)
  const graceSeconds = Math.max(
    preStopSeconds + requestSeconds + GRACE_MARGIN_SECONDS,
    ...facts.pods.map((pod) => pod.graceSeconds),
  )
  return {
    preStopSeconds,
    graceSeconds,
    text: `In this run ${
      longestUs === 0
        ? 'no new request came'
        : `new requests still came up to ${humanUs(longestUs)}`
    } after a pod had been deleted; behind ${facts.throughText} it can take ${usualSeconds} s. The longest answer took ${humanUs(facts.longestServiceUs)}. So: preStop at least ${preStopSeconds} s, grace at least ${graceSeconds} s.`,
    yaml: preStopYaml(facts.containerName, preStopSeconds, graceSeconds),
  }
}
