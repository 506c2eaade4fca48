import type { IngressBackend, IngressPath, IngressSpec } from '../kinds/ingress.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { isPort, mistakes } from './mistakes.ts'
import { invalid, serviceNameFaults, subdomainFaults, wildcardFaults } from './name-faults.ts'

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']

/** The mistakes of an Ingress' spec, in the words of Kubernetes. */
export function validateIngress(spec: JsonObject | undefined): string[] {
  const { rules = [], defaultBackend } = (spec ?? {}) as unknown as IngressSpec
  if (rules.length === 0 && !defaultBackend) {
    return [
      `spec: Invalid value: ${JSON.stringify(spec?.['rules'] ?? null)}: either \`defaultBackend\` or \`rules\` must be specified`,
    ]
  }
  const found = defaultBackend ? validateBackend('spec.defaultBackend', defaultBackend) : []
  for (const [rule, { host = '', http }] of rules.entries()) {
    found.push(...validateHost(`spec.rules[${String(rule)}].host`, host))
    for (const [index, path] of (http?.paths ?? []).entries()) {
      found.push(...validatePath(`spec.rules[${String(rule)}].http.paths[${String(index)}]`, path))
    }
  }
  return found
}

function validateHost(at: string, host: string): string[] {
  if (host === '') return []
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) {
    return invalid(at, host, ['must be a DNS name, not an IP address'])
  }
  return invalid(at, host, host.includes('*') ? wildcardFaults(host) : subdomainFaults(host))
}

function validatePath(at: string, { path = '', pathType, backend }: IngressPath): string[] {
  if (!pathType) return [mistakes.required(`${at}.pathType`, 'pathType must be specified')]
  if (!PATH_TYPES.includes(pathType)) {
    return [mistakes.unsupported(`${at}.pathType`, pathType, PATH_TYPES)]
  }
  const relative = pathType !== 'ImplementationSpecific' && !path.startsWith('/')
  return [
    ...(relative ? [`${at}.path: Invalid value: "${path}": must be an absolute path`] : []),
    ...validateBackend(`${at}.backend`, backend),
  ]
}

function validateBackend(at: string, backend: IngressBackend): string[] {
  const { service } = backend
  if (!service) {
    return 'resource' in backend ? [] : invalid(at, '', ['resource or service backend is required'])
  }
  const { number, name } = service.port ?? {}
  const found = service.name
    ? invalid(`${at}.service.name`, service.name, serviceNameFaults(service.name))
    : [mistakes.required(`${at}.service.name`)]
  if (!number && !name) found.push(mistakes.required(at, 'port name or number is required'))
  else if (number && name) {
    found.push(...invalid(at, '', ['cannot set both port name & port number']))
  } else if (number && !isPort(number))
    found.push(mistakes.port(`${at}.service.port.number`, number))
  return found
}
