import { plural } from '../base/units.ts'
import type { FailureEntry } from '../recording/entry.ts'
import {
  type Attribution,
  type CauseFound,
  type CauseId,
  type Confidence,
  isFailed,
  type PodStory,
} from './analysis.ts'
import { podNamed } from './pod-named.ts'
import { appError, staleDiscovery } from './causes/app-error.ts'
import { capacityDrop } from './causes/capacity-drop.ts'
import type { CauseRule, Facts } from './causes/cause-rule.ts'
import { conntrackBlackhole } from './causes/conntrack-blackhole.ts'
import { exitBeforeDeregister } from './causes/exit-before-deregister.ts'
import { forceDeleted } from './causes/force-deleted.ts'
import { generatorLimit } from './causes/generator-limit.ts'
import {
  pid1IgnoresTerm,
  pinnedUntilKilled,
  prestopLongerThanGrace,
  shellSwallowsTerm,
  sigkillAtGraceEnd,
} from './causes/grace-end.ts'
import { idleKeepaliveRace } from './causes/idle-keepalive-race.ts'
import { inflightCutAtTerm } from './causes/inflight-cut-at-term.ts'
import { keepalivePinned } from './causes/keepalive-pinned.ts'
import { noEndpoints } from './causes/no-endpoints.ts'
import { lbDeregisterSlow, lbSeenSlow } from './causes/lb-deregister-slow.ts'
import { notReadyGetsTraffic } from './causes/not-ready-gets-traffic.ts'
import { podsTaken } from './causes/pods-taken.ts'
import { prestopFailed } from './causes/prestop-failed.ts'
import { slowWarmup } from './causes/slow-warmup.ts'
import { unansweredByGone, unansweredByLast } from './causes/unanswered-by-gone.ts'
import { crash, livenessRestart, oom, startupKill } from './causes/unasked-exit.ts'

/** In order of precedence: the first that explains a failure is its cause; the narrow come before the wide. */
const RULES: readonly CauseRule[] = [
  generatorLimit,
  ...podsTaken,
  unansweredByLast,
  noEndpoints,
  forceDeleted,
  oom,
  livenessRestart,
  startupKill,
  crash,
  prestopLongerThanGrace,
  shellSwallowsTerm,
  pid1IgnoresTerm,
  sigkillAtGraceEnd,
  pinnedUntilKilled,
  keepalivePinned,
  prestopFailed,
  inflightCutAtTerm,
  lbSeenSlow,
  exitBeforeDeregister,
  conntrackBlackhole,
  notReadyGetsTraffic,
  staleDiscovery,
  unansweredByGone,
  slowWarmup,
  capacityDrop,
  appError,
  lbDeregisterSlow,
  idleKeepaliveRace,
]

const UNEXPLAINED: Attribution = { cause: 'unexplained', confidence: 'low', pods: [] }

/** Without a cluster only our own machine can be known as a cause. */
const RULES_OF_LOAD_ALONE: readonly CauseRule[] = [generatorLimit]

/** Gives each failure its cause. For load alone a failure has none unless this machine was it. */
export function attributeFailures(
  failures: readonly FailureEntry[],
  facts: Facts,
  isLoadAlone = false,
): Map<number, Attribution> {
  const rules = isLoadAlone ? RULES_OF_LOAD_ALONE : RULES
  return new Map(
    failures.flatMap((failure): [number, Attribution][] => {
      if (!isFailed(failure.outcome)) return []
      const found = attribute(failure, facts, rules) ?? (isLoadAlone ? undefined : UNEXPLAINED)
      return found ? [[failure.seq, found]] : []
    }),
  )
}

function attribute(
  failure: FailureEntry,
  facts: Facts,
  rules: readonly CauseRule[],
): Attribution | undefined {
  for (const rule of rules) {
    const found = rule.explain(failure, facts)
    if (found) return { cause: rule.cause, ...found }
  }
  return undefined
}

/** Puts what was found together by cause, the one with most failures first. */
export function describeCauses(
  failures: readonly FailureEntry[],
  causeOf: ReadonlyMap<number, Attribution>,
  facts: Facts,
): CauseFound[] {
  const byCause = new Map<CauseId, FailureEntry[]>()
  for (const failure of failures) {
    const cause = causeOf.get(failure.seq)?.cause
    if (cause !== undefined) byCause.set(cause, [...(byCause.get(cause) ?? []), failure])
  }
  return [...byCause]
    .map(([cause, explained]) => describeCause(cause, explained, causeOf, facts))
    .sort((left, right) => right.failed - left.failed)
}

function describeCause(
  cause: CauseId,
  failures: readonly FailureEntry[],
  causeOf: ReadonlyMap<number, Attribution>,
  facts: Facts,
): CauseFound {
  const attributions = failures.flatMap((failure) => causeOf.get(failure.seq) ?? [])
  const named = new Set(
    failures.flatMap(({ seq, sentAtUs }) =>
      (causeOf.get(seq)?.pods ?? []).map((name) => podNamed(facts.pods, name, sentAtUs)),
    ),
  )
  const pods = facts.pods.filter((pod) => named.has(pod))
  const rule = RULES.find((candidate) => candidate.cause === cause)
  const description = rule?.describe(failures, pods, facts) ?? describeUnexplained(failures)
  return {
    cause,
    title: rule?.title ?? 'Unexplained',
    failed: failures.length,
    confidence: lowestOfMost(attributions),
    pods: [...new Set(pods.map((pod: PodStory) => pod.name))],
    ...description,
  }
}

function describeUnexplained(failures: readonly FailureEntry[]) {
  return {
    explanation: `Nothing that was seen of the cluster explains ${plural(failures.length, 'failure')}.`,
    evidence: failures.slice(0, 5).map((failure) => ({
      atUs: failure.sentAtUs,
      text: `request ${failure.seq}: ${failure.outcome}${failure.status === undefined ? '' : ` ${failure.status}`}`,
    })),
    fix: { text: 'Look at the logs of the application and of the proxies at these instants.' },
  }
}

/** The confidence that at least half of the attributions reach. */
function lowestOfMost(attributions: readonly Attribution[]): Confidence {
  const share = (confidence: Confidence) =>
    attributions.filter((attribution) => attribution.confidence === confidence).length /
    attributions.length
  if (share('high') >= 0.5) return 'high'
  return share('high') + share('medium') >= 0.5 ? 'medium' : 'low'
}
