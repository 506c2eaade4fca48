import type { ResourceKind } from './resource-kinds.ts'
import { resourceKinds } from './resource-kinds.ts'

/** What a URL path of the API means. */
export interface Route {
  readonly kind: ResourceKind
  /** Absent for cluster-scoped kinds and for a list over all namespaces. */
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
}

/** `/api/v1/…` and `/apis/<group>/<version>/…`; undefined when the path names no resource of the lab. */
export function parseRoute(path: string): Route | undefined {
  const segments = path.split('/').filter(Boolean).map(decode)
  const [root, ...rest] = segments
  if (root === 'api') return routeInGroup('', rest)
  if (root === 'apis') return routeInGroup(rest[0] ?? '', rest.slice(1))
  return undefined
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function routeInGroup(group: string, segments: readonly string[]): Route | undefined {
  const [version, ...rest] = segments
  const kindOf = (resource: string | undefined) =>
    resourceKinds.find(
      (kind) => kind.group === group && kind.version === version && kind.resource === resource,
    )
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status'
  const namespace = inNamespace ? rest[1] : undefined
  const [resource, name, subresource, ...more] = inNamespace ? rest.slice(2) : rest
  const kind = kindOf(resource)
  if (!kind || more.length > 0) return undefined
  if (kind.namespaced ? name !== undefined && !inNamespace : inNamespace) return undefined
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  }
}
