import { humanUs, plural } from '../../base/units.ts'
import type { CauseRule } from './cause-rule.ts'

/** Packets on an old connection went to the address of a pod that was gone, and nobody said so. */
export const conntrackBlackhole: CauseRule = {
  cause: 'CONNTRACK_BLACKHOLE',
  title: 'Old connection leads to a pod that is gone',
  explain(failure, facts) {
    const { outcome, connection, answeredBefore } = failure
    if (outcome !== 'response-timeout' || connection !== 'reused' || facts.through === 'ingress')
      return undefined
    const pod = facts.pods.find((one) => one.name === answeredBefore)
    const goneUs = pod?.exitSeenUs ?? pod?.goneUs
    if (!pod || goneUs === undefined || goneUs > failure.endedAtUs) return undefined
    return { confidence: 'high', pods: [pod.name] }
  },
  describe: (failures, pods) => ({
    explanation: `${plural(failures.length, 'request')} went over connections to pods that were gone: the kernel keeps an established connection’s way (conntrack), and from an address that is no more comes neither answer nor reset.`,
    evidence: pods.slice(0, 5).flatMap((pod) => {
      const goneUs = pod.goneUs ?? pod.exitSeenUs
      const last = Math.max(...failures.map(({ sentAtUs }) => sentAtUs))
      return goneUs === undefined
        ? []
        : [
            {
              atUs: goneUs,
              text: `${pod.name} was gone; the last request to it was sent ${humanUs(Math.max(0, last - goneUs))} later`,
            },
          ]
    }),
    fix: {
      text: 'Let the server close its connections before it exits (Connection: close from the stop signal on), and give clients a response timeout and TCP keep-alive, so that they notice.',
    },
  }),
}
