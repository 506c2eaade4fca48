import type { Endpoint } from '../../api/kinds/endpoint-slice.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import { isReady, isTerminal } from '../pod-state.ts'

/** A pod as an endpoint (k8s-mechanics 3.2); undefined for ended pods and those without an address. */
export function endpointOfPod(pod: Pod, publishNotReady: boolean): Endpoint | undefined {
  const { podIP } = pod.status
  if (!podIP || isTerminal(pod)) return undefined
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const serving = isReady(pod)
  const { name, namespace = '', uid } = pod.metadata
  return {
    addresses: [podIP],
    conditions: { ready: publishNotReady || (serving && !terminating), serving, terminating },
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: { kind: 'Pod', name, namespace, uid },
  }
}
