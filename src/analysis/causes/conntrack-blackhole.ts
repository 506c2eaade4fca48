import { humanUs, plural } from '../../base/units.ts'
import type { FailureEntry } from '../../recording/entry.ts'
import type { Attribution, Evidence, PodStory } from '../analysis.ts'
import { type CauseRule, type Facts, isTurnedAway, podOf } from './cause-rule.ts'

/** How long the kernel remembers a connection attempt that nobody answered (nf_conntrack_tcp_timeout_syn_sent). */
const REMEMBERED_US = 120_000_000

/** The kernel led packets to the address of a pod that was gone, since it remembered the way, and nobody said so. */
export const conntrackBlackhole: CauseRule = {
  cause: 'CONNTRACK_BLACKHOLE',
  title: 'Old connection leads to a pod that is gone',
  explain(failure, facts) {
    if (facts.through === 'ingress') return undefined
    return onOldConnection(failure, facts) ?? fromOldPort(failure, facts)
  },
  describe: (failures, pods) => ({
    explanation: `${plural(failures.length, 'request')} went to pods that were gone: the kernel keeps the way of an old connection, and for two minutes that of an attempt from the same port (conntrack), and from an address that is no more comes neither answer nor reset.`,
    evidence: pods.length > 0 ? goneEvidence(failures, pods) : portEvidence(failures),
    fix: {
      text: 'Let the server close its connections before it exits (Connection: close from the stop signal on), and give clients a response timeout and TCP keep-alive, so that they notice.',
    },
  }),
}

function onOldConnection(
  failure: FailureEntry,
  facts: Facts,
): Omit<Attribution, 'cause'> | undefined {
  const { outcome, connection, answeredBefore, endedAtUs } = failure
  if (outcome !== 'response-timeout' || connection !== 'reused') return undefined
  const pod = podOf(failure, answeredBefore, facts.pods)
  const goneUs = pod?.exitSeenUs ?? pod?.goneUs
  if (!pod || goneUs === undefined || goneUs > endedAtUs) return undefined
  return { confidence: 'high', pods: [pod.name] }
}

/** The port of an earlier attempt that reached no pod was taken again, while the kernel still knew where that had led. */
function fromOldPort(failure: FailureEntry, facts: Facts): Omit<Attribution, 'cause'> | undefined {
  const { localPort, sentAtUs, connection } = failure
  if (!isSilent(failure) || connection !== 'new' || localPort === undefined) return undefined
  const before = facts.silentAttempts.get(localPort) ?? []
  return before.some((atUs) => atUs < sentAtUs && atUs + REMEMBERED_US > sentAtUs)
    ? { confidence: 'high', pods: [] }
    : undefined
}

/** Nobody answered the first packet of the connection. */
const isSilent = (failure: FailureEntry): boolean =>
  isTurnedAway(failure) && failure.outcome !== 'refused'

/** When connections were tried that nobody answered, by our port. */
export function silentAttempts(failures: readonly FailureEntry[]): Map<number, number[]> {
  const attempts = new Map<number, number[]>()
  for (const failure of failures) {
    const { localPort, sentAtUs } = failure
    if (localPort === undefined || !isSilent(failure)) continue
    attempts.set(localPort, [...(attempts.get(localPort) ?? []), sentAtUs])
  }
  return attempts
}

function goneEvidence(failures: readonly FailureEntry[], pods: readonly PodStory[]): Evidence[] {
  const last = Math.max(...failures.map(({ sentAtUs }) => sentAtUs))
  return pods.slice(0, 5).flatMap((pod) => {
    const goneUs = pod.goneUs ?? pod.exitSeenUs
    if (goneUs === undefined) return []
    const late = humanUs(Math.max(0, last - goneUs))
    return [
      { atUs: goneUs, text: `${pod.name} was gone; the last request to it was sent ${late} later` },
    ]
  })
}

const portEvidence = (failures: readonly FailureEntry[]): Evidence[] =>
  failures.slice(0, 5).map(({ sentAtUs, seq, localPort }) => ({
    atUs: sentAtUs,
    text: `request ${seq} came from port ${localPort ?? '?'}, from which an attempt before had reached nobody`,
  }))
