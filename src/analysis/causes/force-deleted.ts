import { plural } from '../../base/units.ts'
import {
  blame,
  type CauseRule,
  endingPods,
  isBroken,
  isTurnedAway,
  WATCH_LAG_US,
} from './cause-rule.ts'

/** After a deletion with grace 0 the process may live for so long (k8s-mechanics 1.9). */
const LIVES_ON_US = 3_500_000

/** The pod was deleted with grace 0: its object is gone at once, its process a moment later. */
export const forceDeleted: CauseRule = {
  cause: 'FORCE_DELETED',
  title: 'Pod deleted by force',
  explain(failure, facts) {
    if (!isBroken(failure, facts) && !isTurnedAway(failure)) return undefined
    return blame(
      endingPods(failure, facts).filter(
        ({ graceSeconds, deleteSeenUs = Infinity }) =>
          graceSeconds === 0 &&
          failure.endedAtUs >= deleteSeenUs - WATCH_LAG_US &&
          failure.sentAtUs <= deleteSeenUs + LIVES_ON_US + facts.propagationUs,
      ),
      failure,
    )
  },
  describe: (failures, pods) => ({
    explanation: `${plural(failures.length, 'request')} failed because ${pods.length === 1 ? 'a pod was' : `${pods.length} pods were`} deleted with grace 0: no time to finish, and no time for proxies to learn of it.`,
    evidence: pods
      .slice(0, 5)
      .flatMap((pod) =>
        pod.deleteSeenUs === undefined
          ? []
          : [{ atUs: pod.deleteSeenUs, text: `${pod.name} was deleted with a grace of 0 s` }],
      ),
    fix: {
      text: 'Delete pods without --force and without --grace-period=0; force is for pods on a node that is lost.',
    },
  }),
}
