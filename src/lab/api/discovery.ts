import type { ReviewKind } from './access/review-kinds.ts'
import type { ResourceKind, Subresource } from './resource-kinds.ts'
import { reviewKinds } from './access/review-kinds.ts'
import { ofSubresource } from './of-subresource.ts'
import { resourceKinds } from './resource-kinds.ts'

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

const named = [...resourceKinds, ...reviewKinds].filter(({ group }) => group !== '')
/** Each group with its one version. */
const versionOf = new Map(named.map(({ group, version }) => [group, version]))
const groups = [...versionOf.keys()]

/** The discovery document at a path, in its legacy form (k8s-mechanics 7.1); undefined when there is none. */
export function discoveryDocument(path: string): object | undefined {
  const segments = path.split('/').filter(Boolean)
  const [root, group, version] = segments
  if (root === 'api' && segments.length === 1) return coreVersions
  if (root === 'api' && segments.length === 2) return resourceList('', group)
  if (root !== 'apis') return undefined
  if (segments.length === 1) {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(describeGroup) }
  }
  if (!group || !groups.includes(group)) return undefined
  if (segments.length === 2) {
    return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) }
  }
  return segments.length === 3 ? resourceList(group, version) : undefined
}

/** Whether a path lies in a group and version that the lab serves. */
export function knowsGroup(path: string): boolean {
  const [root, ...rest] = path.split('/').filter(Boolean)
  const [group = '', version] = root === 'api' ? ['', rest[0]] : rest
  const isRoot = root === 'api' || root === 'apis'
  return isRoot && resourceList(group, version) !== undefined
}

const coreVersions = {
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [],
}

function describeGroup(name: string) {
  const served = versionOf.get(name) ?? ''
  const version = { groupVersion: `${name}/${served}`, version: served }
  return { name, versions: [version], preferredVersion: version }
}

function resourceList(group: string, version: string | undefined): object | undefined {
  const isInGroup = (kind: ResourceKind | ReviewKind) =>
    kind.group === group && kind.version === version
  const resources = [
    ...resourceKinds
      .filter(isInGroup)
      .flatMap((kind) => [
        describeResource(kind),
        ...kind.subresources.map((name) => describeSubresource(kind, name)),
      ]),
    ...reviewKinds.filter(isInGroup).map(describeReview),
  ]
  if (resources.length === 0 || version === undefined) return undefined
  const groupVersion = group === '' ? version : `${group}/${version}`
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources }
}

const describeReview = ({ resource, singular, namespaced, kind }: ReviewKind) => ({
  name: resource,
  singularName: singular,
  namespaced,
  kind,
  verbs: ['create'],
})

const describeResource = (kind: ResourceKind) => ({
  name: kind.resource,
  singularName: kind.singular,
  namespaced: kind.namespaced,
  kind: kind.kind,
  verbs: VERBS,
  ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
  ...(kind.inAll ? { categories: ['all'] } : {}),
})

function describeSubresource(kind: ResourceKind, subresource: Subresource) {
  return {
    name: `${kind.resource}/${subresource}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(ofSubresource(subresource) ?? { kind: kind.kind }),
    verbs: verbsOf(subresource),
  }
}

function verbsOf(subresource: Subresource): string[] {
  switch (subresource) {
    case 'log':
      return ['get']
    case 'eviction':
    case 'token':
      return ['create']
    case 'scale':
    case 'status':
      return ['get', 'patch', 'update']
  }
}
