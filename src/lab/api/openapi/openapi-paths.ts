import type { ResourceKind, Subresource } from '../resource-kinds.ts'
import type { GroupVersionKind } from './load-schemas.ts'
import { ofSubresource } from '../of-subresource.ts'

const PATCHES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

const query = (name: string, type = 'string') => ({ name, in: 'query', schema: { type } })
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })
const responses = { 200: { description: 'OK' } }

/** The options of a write; clients look for `fieldValidation` in those of PATCH (k8s-mechanics 7.2). */
const ofWrites = [query('dryRun'), query('fieldManager'), query('fieldValidation')]

/** The OpenAPI paths of a kind with its subresources: which verbs there are, and about which kind. */
export function openApiPaths(kind: ResourceKind): Record<string, object> {
  const { group, version, resource, namespaced } = kind
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const collection = `${base}${namespaced ? '/namespaces/{namespace}' : ''}/${resource}`
  const item = `${collection}/{name}`
  const own = { group, version, kind: kind.kind }
  const scope = namespaced ? [inPath('namespace')] : []
  const named = [...scope, inPath('name')]
  return {
    ...(namespaced ? { [`${base}/${resource}`]: { get: operation('list', own) } } : {}),
    [collection]: {
      parameters: scope,
      get: operation('list', own),
      post: operation('post', own),
      delete: operation('deletecollection', own),
    },
    [item]: {
      parameters: named,
      ...operations(['get', 'put', 'patch', 'delete'], own),
    },
    ...Object.fromEntries(
      kind.subresources.map((name) => [
        `${item}/${name}`,
        { parameters: named, ...operations(methodsOf(name), ofSubresource(name) ?? own) },
      ]),
    ),
  }
}

const operations = (methods: readonly string[], about: GroupVersionKind) =>
  Object.fromEntries(methods.map((method) => [method, operation(method, about)]))

function operation(action: string, about: GroupVersionKind): object {
  const writes = action === 'post' || action === 'put' || action === 'patch'
  const bodies = action === 'patch' ? PATCHES : ['application/json']
  const content = Object.fromEntries(bodies.map((type) => [type, { schema: { type: 'object' } }]))
  return {
    ...(writes ? { parameters: ofWrites, requestBody: { required: true, content } } : {}),
    responses,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': about,
  }
}

function methodsOf(subresource: Subresource): readonly string[] {
  switch (subresource) {
    case 'log':
      return ['get']
    case 'eviction':
    case 'token':
      return ['post']
    case 'scale':
    case 'status':
      return ['get', 'put', 'patch']
  }
}
