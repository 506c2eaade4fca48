import type { Endpoint, EndpointPort } from '../../api/kinds/endpoint-slice.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { Service } from '../../api/kinds/service.ts'
import { endpointOfPod } from './endpoint-of-pod.ts'
import { endpointPorts } from './endpoint-ports.ts'

export interface DesiredSlice {
  readonly ports: EndpointPort[]
  readonly endpoints: Endpoint[]
}

/** One slice for all pods with the same port numbers, in practice one for a Service; an empty one when it has no pods. */
export function desiredSlices(service: Service, pods: readonly Pod[]): DesiredSlice[] {
  const slices = new Map<string, DesiredSlice>()
  for (const pod of pods) {
    const endpoint = endpointOfPod(pod, service.spec.publishNotReadyAddresses ?? false)
    if (!endpoint) continue
    const ports = endpointPorts(service, pod)
    const key = JSON.stringify(ports)
    const slice = slices.get(key) ?? { ports, endpoints: [] }
    slice.endpoints.push(endpoint)
    slices.set(key, slice)
  }
  return slices.size > 0 ? [...slices.values()] : [{ ports: [], endpoints: [] }]
}
