import { blame, type CauseRule, endingPods, isBroken, WATCH_LAG_US } from './cause-rule.ts'
import { describePinned } from './grace-end.ts'

/** A kube-proxy has forgotten a pod by then; only a connection that stays can still reach it. */
const FORGOTTEN_US = 2_500_000

/** A reused connection led to a pod that was out of the EndpointSlice for long. */
export const keepalivePinned: CauseRule = {
  cause: 'KEEPALIVE_PINNED_TO_TERMINATING',
  title: 'Keep-alive connection pinned to a terminating pod',
  explain(failure, facts) {
    if (failure.connection !== 'reused' || facts.through === 'ingress' || !isBroken(failure, facts))
      return undefined
    const pods = endingPods(failure, facts).filter(
      (pod) =>
        pod.outOfSliceUs !== undefined &&
        failure.sentAtUs > pod.outOfSliceUs + FORGOTTEN_US &&
        failure.endedAtUs >= (pod.stopSignalUs ?? 0) - WATCH_LAG_US &&
        failure.sentAtUs < (pod.exitSeenUs ?? pod.goneUs ?? Infinity),
    )
    return blame(pods, failure)
  },
  describe: describePinned,
}
