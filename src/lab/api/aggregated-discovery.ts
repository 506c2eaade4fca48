import type { Answer } from './answer.ts'
import { discoveryDocument } from './discovery.ts'

/** A resource of the legacy document. */
interface Resource {
  readonly name: string
  readonly singularName: string
  readonly namespaced: boolean
  readonly group?: string
  readonly version?: string
  readonly kind: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
}

const ASKED = /^application\/json;g=apidiscovery\.k8s\.io;v=(v2|v2beta1);as=APIGroupDiscoveryList$/

/**
 * `/api` and `/apis` with everything that there is, in one document for each, for a client that asks for it before
 * anything else; undefined for other paths and clients. The media type is echoed, which clients insist on
 * (k8s-mechanics 7.1).
 */
export function aggregatedDiscovery(path: string, accept: string): Answer | undefined {
  const root = path.replace(/\/+$/, '')
  if (root !== '/api' && root !== '/apis') return undefined
  const first = (accept.split(',')[0] ?? '').replaceAll(' ', '')
  const version = ASKED.exec(first)?.[1]
  if (version === undefined) return undefined
  const items = root === '/api' ? [describeGroup('', ['v1'])] : namedGroups()
  const body = {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items,
  }
  return { code: 200, body, headers: { 'content-type': first } }
}

function namedGroups(): object[] {
  const { groups } = discoveryDocument('/apis') as {
    groups: { name: string; versions: { version: string }[] }[]
  }
  return groups.map(({ name, versions }) =>
    describeGroup(
      name,
      versions.map(({ version }) => version),
    ),
  )
}

const describeGroup = (name: string, versions: readonly string[]) => ({
  metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
  versions: versions.map((version) => ({
    version,
    resources: describeResources(name, version),
    freshness: 'Current',
  })),
})

function describeResources(group: string, version: string): object[] {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const { resources } = discoveryDocument(path) as { resources: readonly Resource[] }
  // As the real server has it: empty where the kind is of the group itself.
  const responseKind = ({ group = '', version = '', kind }: Resource) => ({ group, version, kind })
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map((one) => {
      const subresources = resources
        .filter(({ name }) => name.startsWith(`${one.name}/`))
        .map((sub) => ({
          subresource: sub.name.slice(one.name.length + 1),
          responseKind: responseKind(sub),
          verbs: sub.verbs,
        }))
      return {
        resource: one.name,
        responseKind: responseKind(one),
        scope: one.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: one.singularName,
        verbs: one.verbs,
        ...(one.shortNames ? { shortNames: one.shortNames } : {}),
        ...(one.categories ? { categories: one.categories } : {}),
        ...(subresources.length > 0 ? { subresources } : {}),
      }
    })
}
