import type { Service, ServicePort } from '../kinds/service.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { isPort, mistakes } from './mistakes.ts'
import { invalid, labelFaults, portNameFaults } from './name-faults.ts'
import { validateLabels } from './validate-metadata.ts'

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]+:[0-9a-fA-F:]*)$/

/** The mistakes of a Service's spec, in the words of Kubernetes. */
export function validateService(spec: JsonObject | undefined): string[] {
  const service = (spec ?? {}) as unknown as Service['spec'] & { externalName?: string }
  const { ports = [], type = 'ClusterIP', clusterIP = '', externalName } = service
  const isExternal = type === 'ExternalName'
  const found: string[] = []
  if (ports.length === 0 && clusterIP !== 'None' && !isExternal) {
    found.push(mistakes.required('spec.ports'))
  }
  if (isExternal && !externalName) found.push(mistakes.required('spec.externalName'))
  const names = new Set<string>()
  for (const [index, port] of ports.entries()) {
    found.push(...validatePort(`spec.ports[${String(index)}]`, port, ports.length > 1, names))
  }
  found.push(...validateLabels('spec.selector', service.selector))
  if (!TYPES.includes(type)) found.push(mistakes.unsupported('spec.type', type, TYPES))
  if (clusterIP !== '' && clusterIP !== 'None' && !ADDRESS.test(clusterIP)) {
    found.push(
      `spec.clusterIPs[0]: Invalid value: "${clusterIP}": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
    )
  }
  return [...found, ...validateSamePorts(ports)]
}

/** A port of a protocol is served once. */
function validateSamePorts(ports: readonly ServicePort[]): string[] {
  const seen = new Set<string>()
  return ports.flatMap(({ port, protocol = 'TCP' }, index) => {
    const key = `${protocol} ${String(port)}`
    if (!seen.has(key)) {
      seen.add(key)
      return []
    }
    const shown = `{"Name":"","Protocol":"${protocol}","AppProtocol":null,"Port":${String(port)},"TargetPort":0,"NodePort":0}`
    return [`spec.ports[${String(index)}]: Duplicate value: ${shown}`]
  })
}

function validatePort(
  path: string,
  { name = '', port, targetPort = port, protocol = 'TCP' }: ServicePort,
  needsName: boolean,
  names: Set<string>,
): string[] {
  const found: string[] = []
  if (needsName && name === '') found.push(mistakes.required(`${path}.name`))
  if (name !== '') found.push(...invalid(`${path}.name`, name, labelFaults(name)))
  if (name !== '' && names.has(name)) found.push(`${path}.name: Duplicate value: "${name}"`)
  names.add(name)
  if (!isPort(port)) found.push(mistakes.port(`${path}.port`, port))
  if (!PROTOCOLS.includes(protocol)) {
    found.push(mistakes.unsupported(`${path}.protocol`, protocol, PROTOCOLS))
  }
  if (typeof targetPort === 'string') {
    found.push(...invalid(`${path}.targetPort`, targetPort, portNameFaults(targetPort)))
  } else if (!isPort(targetPort)) found.push(mistakes.port(`${path}.targetPort`, targetPort))
  return found
}
