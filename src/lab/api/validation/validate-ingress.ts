import type { IngressBackend, IngressPath, IngressSpec } from '../kinds/ingress.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { mistakes } from './mistakes.ts'

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']

/** The mistakes of an Ingress' spec, in the words of Kubernetes. */
export function validateIngress(spec: JsonObject | undefined): string[] {
  const { rules = [], defaultBackend } = (spec ?? {}) as unknown as IngressSpec
  if (rules.length === 0 && !defaultBackend) {
    return ['spec: Invalid value: []: either `defaultBackend` or `rules` must be specified']
  }
  const found = defaultBackend ? validateBackend('spec.defaultBackend', defaultBackend) : []
  for (const [rule, { http }] of rules.entries()) {
    for (const [index, path] of (http?.paths ?? []).entries()) {
      found.push(...validatePath(`spec.rules[${String(rule)}].http.paths[${String(index)}]`, path))
    }
  }
  return found
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

function validateBackend(at: string, { service }: IngressBackend): string[] {
  if (!service) return []
  const { number, name } = service.port ?? {}
  return number || name ? [] : [mistakes.required(at, 'port name or number is required')]
}
