import { humanUs, plural } from '../../base/units.ts'
import { type CauseRule, isBroken } from './cause-rule.ts'

/** The other side had closed already, so the end comes at once; on a busy machine a little later. */
const AT_ONCE_US = 50_000
const LATE_US = 1_000_000

/** The server closed an idle connection just as a request was sent on it. */
export const idleKeepaliveRace: CauseRule = {
  cause: 'IDLE_KEEPALIVE_RACE',
  title: 'Idle keep-alive connection closed as it was used',
  explain(failure, facts) {
    const tookUs = failure.endedAtUs - failure.sentAtUs
    if (!isBroken(failure, facts)) return undefined
    const isStaleHere =
      failure.connection === 'reused' && failure.bytesReceived === 0 && tookUs < LATE_US
    // Behind an ingress the stale connection is its own, to the pod: it may repeat a GET, never a POST.
    const isStaleThere =
      facts.through === 'ingress' && failure.status !== 504 && tookUs < AT_ONCE_US
    if (!isStaleHere && !isStaleThere) return undefined
    return {
      confidence: isStaleHere && tookUs < AT_ONCE_US ? 'high' : 'medium',
      pods:
        isStaleHere && facts.through !== 'ingress' && failure.answeredBefore !== undefined
          ? [failure.answeredBefore]
          : [],
    }
  },
  describe(failures, _pods, facts) {
    return {
      explanation: `${plural(failures.length, 'request')} were sent on a connection that the other side was just closing for being idle; no pod was starting or ending.`,
      evidence: failures.slice(0, 5).map((failure) => ({
        atUs: failure.sentAtUs,
        text: `request ${failure.seq} (${failure.method}), after ${plural(failure.servedBefore, 'answer')} on its connection, failed after ${humanUs(failure.endedAtUs - failure.sentAtUs)}`,
      })),
      fix: {
        text:
          facts.through === 'ingress'
            ? `Let the server keep idle connections longer than ${facts.throughText} does (its upstream keep-alive time-out, usually 60 s): for example 75 s.`
            : 'Let the server keep idle connections longer than its clients do, or have clients close theirs first.',
      },
    }
  },
}
