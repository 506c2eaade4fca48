import type { Recording } from '../recording/recording.ts'
import type { PodStory } from './analysis.ts'
import { type Facts, isGatewayAnswer, STRAY_SHARE } from './causes/cause-rule.ts'
import { noneReady } from './endpoint-counts.ts'

/** An end may have been noticed so much later. */
const NOTICED_US = 1_500_000

type Known = Pick<Facts, 'through' | 'endpoints' | 'propagationUs'>

/**
 * Whether a 503 that no pod has signed is the gateway's word for a connection that failed, as Envoy and HAProxy say it
 * (k8s-mechanics 3.6), rather than an application's own for too much work. Where pods sign their answers, an unsigned one
 * is the gateway's. Where they do not, it is if such answers came only while proxies could still send to pods that had
 * ended: overload would have gone on.
 */
export function gatewaySays503(
  { frames, failures }: Recording,
  pods: readonly PodStory[],
  { through, endpoints, propagationUs }: Known,
): boolean {
  if (through === 'service') return false
  if (frames.some(({ answeredBy }) => Object.keys(answeredBy).length > 0)) return true
  const unsigned = failures.filter(
    (failure) =>
      failure.status === 503 &&
      isGatewayAnswer(failure) &&
      !noneReady(endpoints, failure.sentAtUs, failure.endedAtUs),
  )
  const astray = unsigned.filter(
    ({ sentAtUs, endedAtUs }) =>
      !pods.some((pod) =>
        endsOf(pod).some(
          ({ fromUs, toUs }) =>
            endedAtUs >= fromUs - NOTICED_US && sentAtUs <= toUs + propagationUs,
        ),
      ),
  )
  return astray.length <= unsigned.length * STRAY_SHARE
}

/** From when the pod may have broken connections until it was seen to have left its slice, each time that it ended. */
const endsOf = ({ stopSignalUs, deleteSeenUs, outOfSliceUs, exits }: PodStory) => [
  ...(stopSignalUs === undefined
    ? []
    : [{ fromUs: stopSignalUs, toUs: Math.max(outOfSliceUs ?? 0, deleteSeenUs ?? 0) }]),
  ...exits.map(({ atUs }) => ({ fromUs: atUs, toUs: atUs })),
]
