import type { EndpointPort } from '../../api/kinds/endpoint-slice.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { Service, ServicePort } from '../../api/kinds/service.ts'

/** The ports of a Service as they are on one pod; a named targetPort that the pod does not have is left out. */
export const endpointPorts = (service: Service, pod: Pod): EndpointPort[] =>
  (service.spec.ports ?? []).flatMap((port) => {
    const number = targetNumber(port, pod)
    if (number === undefined) return []
    return [
      {
        name: port.name ?? '',
        port: number,
        protocol: port.protocol ?? 'TCP',
        ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}),
      },
    ]
  })

function targetNumber(port: ServicePort, pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  const named = pod.spec.containers
    .flatMap((container) => container.ports ?? [])
    .find(({ name, protocol = 'TCP' }) => name === target && protocol === (port.protocol ?? 'TCP'))
  return named?.containerPort
}
