import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resourceKinds } from '../../../src/lab/api/resource-kinds.ts'
import { loadSchemas } from '../../../src/lab/api/openapi/load-schemas.ts'
import { typeFields } from '../../../src/lab/api/schema/type-fields.ts'
import { startTestCluster, type TestCluster } from './start-test-cluster.ts'

interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, object> }
}

interface Operation {
  readonly parameters?: readonly { readonly name: string }[]
  readonly requestBody?: { readonly content: Record<string, object> }
  readonly 'x-kubernetes-group-version-kind'?: object
}

const V2 = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
const V2BETA1 = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster()
})

afterAll(async () => {
  await cluster.close()
})

const fetchJson = async (path: string, accept = 'application/json') => {
  const response = await fetch(cluster.url + path, { headers: { accept } })
  const body = (await response.json()) as unknown
  return { type: response.headers.get('content-type'), body, headers: response.headers }
}

async function readDocuments(): Promise<Document[]> {
  const { body } = await fetchJson('/openapi/v3')
  const { paths } = body as { paths: Record<string, { serverRelativeURL: string }> }
  const addresses = Object.values(paths).map(({ serverRelativeURL }) => serverRelativeURL)
  return Promise.all(addresses.map(async (path) => (await fetchJson(path)).body as Document))
}

describe('/openapi/v3', () => {
  test('has for each kind a schema and a PATCH whose fields the server checks', async () => {
    const documents = await readDocuments()
    for (const { group, version, kind, resource, namespaced } of resourceKinds) {
      const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
      const path = `${base}${namespaced ? '/namespaces/{namespace}' : ''}/${resource}/{name}`
      const document = documents.find(({ paths }) => path in paths)
      const patch = document?.paths[path]?.['patch']
      expect(patch?.['x-kubernetes-group-version-kind'], kind).toEqual({ group, version, kind })
      expect(patch?.parameters?.map(({ name }) => name)).toContain('fieldValidation')
      expect(Object.keys(patch?.requestBody?.content ?? {})).toContain(
        'application/strategic-merge-patch+json',
      )
      const kinds = Object.values(document?.components.schemas ?? {}).flatMap(
        (schema) => (schema as Record<string, object[]>)['x-kubernetes-group-version-kind'] ?? [],
      )
      expect(kinds).toContainEqual({ group, version, kind })
    }
  })

  test('refers to no schema that is not in the same document', async () => {
    for (const { components } of await readDocuments()) {
      const references = [
        ...JSON.stringify(components).matchAll(/"#\/components\/schemas\/(.+?)"/g),
      ]
      const names = Object.keys(components.schemas)
      expect(references.filter(([, name = '']) => !names.includes(name))).toEqual([])
    }
  })

  test('may be kept by clients under its address, which changes with it', async () => {
    const { body } = await fetchJson('/openapi/v3')
    const { paths } = body as { paths: Record<string, { serverRelativeURL: string }> }
    const address = paths['apis/apps/v1']?.serverRelativeURL ?? ''
    expect(address).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{64}$/)
    const { headers } = await fetchJson(address)
    expect(headers.get('cache-control')).toContain('immutable')
  })
})

test('what the server takes as a field is what the schemas of Kubernetes have', () => {
  const schemas = [...loadSchemas()]
  const wrong = Object.entries(typeFields).flatMap(([type, fields]) => {
    const own = fields.split(' ').map((field) => field.split(':')[0] ?? '')
    const name = type === 'CoreEndpointPort' ? 'core.v1.EndpointPort' : type
    const candidates = schemas.filter(([full]) => full.endsWith(`.${name}`))
    const isSame = candidates.some(
      ([, { properties = {} }]) => Object.keys(properties).sort().join() === own.toSorted().join(),
    )
    return candidates.length === 0 || isSame ? [] : [type]
  })
  expect(wrong).toEqual([])
})

describe('aggregated discovery', () => {
  test.each([V2, V2BETA1])('echoes the media type %s on both roots', async (accept) => {
    for (const root of ['/api', '/apis']) {
      const { type, body } = await fetchJson(root, `${accept},application/json`)
      expect(type).toBe(accept)
      expect(body).toMatchObject({ kind: 'APIGroupDiscoveryList' })
    }
  })

  test('says what the legacy documents say', async () => {
    const { body } = await fetchJson('/apis', V2)
    const { items } = body as {
      items: {
        metadata: { name: string }
        versions: {
          version: string
          resources: { resource: string; subresources?: { subresource: string }[] }[]
        }[]
      }[]
    }
    expect(items.length).toBeGreaterThan(8)
    for (const { metadata, versions } of items) {
      for (const { version, resources } of versions) {
        const legacy = await fetchJson(`/apis/${metadata.name}/${version}`)
        const names = (legacy.body as { resources: { name: string }[] }).resources
        const all = resources.flatMap(({ resource, subresources = [] }) => [
          resource,
          ...subresources.map(({ subresource }) => `${resource}/${subresource}`),
        ])
        expect(all).toEqual(names.map(({ name }) => name))
      }
    }
  })

  test('is not given to who prefers plain JSON', async () => {
    const { body } = await fetchJson('/apis', `application/json,${V2}`)
    expect(body).toMatchObject({ kind: 'APIGroupList' })
  })
})
