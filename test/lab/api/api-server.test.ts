import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestCluster } from './start-test-cluster.ts'
import { random } from '../../../src/base/random.ts'
import { startApiServer } from '../../../src/lab/api/api-server.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import { deployment, named, pod, service } from '../controllers/manifests.ts'
import { until } from '../controllers/until.ts'
import { startTestCluster } from './start-test-cluster.ts'

const PODS = '/api/v1/namespaces/default/pods'
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'

const MERGE = 'application/merge-patch+json'
const STRATEGIC = 'application/strategic-merge-patch+json'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await startTestCluster()
})

afterEach(async () => {
  await cluster.close()
})

const configMap = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
})

const createDeployment = (replicas = 3) =>
  cluster.request('POST', DEPLOYMENTS, deployment('web', replicas))

describe('discovery', () => {
  test('lists groups, resources and subresources in the legacy form', async () => {
    const groups = await cluster.request('GET', '/apis')
    expect((groups.body['groups'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'apps',
      'discovery.k8s.io',
      'networking.k8s.io',
      'batch',
      'policy',
      'rbac.authorization.k8s.io',
      'coordination.k8s.io',
      'gateway.networking.k8s.io',
      'autoscaling',
      'authorization.k8s.io',
      'authentication.k8s.io',
    ])
    const apps = await cluster.request('GET', '/apis/apps/v1')
    expect((apps.body['resources'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'deployments',
      'deployments/status',
      'deployments/scale',
      'replicasets',
      'replicasets/status',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/status',
      'statefulsets/scale',
      'daemonsets',
      'daemonsets/status',
      'controllerrevisions',
    ])
  })

  test('answers /openapi/v2 with the empty protobuf document that kubectl takes', async () => {
    const response = await fetch(`${cluster.url}/openapi/v2`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(
      'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
    )
    expect(await response.text()).toBe('')
  })

  test.each(['/apis/storage.k8s.io/v1', '/nowhere'])(
    'answers %s as a web server that has no such page',
    async (path) => {
      const response = await fetch(cluster.url + path)
      expect([response.status, await response.text()]).toEqual([404, '404 page not found\n'])
    },
  )

  test.each(['/api/v1/things', `${PODS}/x/exec`])('answers %s with a 404 Status', async (path) => {
    const { code, body } = await cluster.request('GET', path)
    expect(code).toBe(404)
    expect(body).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      reason: 'NotFound',
      code: 404,
    })
  })

  test('says what there is instead of exec', async () => {
    const { code, body } = await cluster.request('POST', `${PODS}/x/exec?command=ls`)
    expect([code, body['message']]).toEqual([
      404,
      'the lab has no pods/exec: kubectl logs shows what a container says, and a probe or a hook runs a command in it',
    ])
  })
})

describe('reads', () => {
  test('lists by label and field selector', async () => {
    await cluster.request('POST', CONFIG_MAPS, {
      ...configMap('one'),
      metadata: { name: 'one', labels: { app: 'web' } },
    })
    await cluster.request('POST', CONFIG_MAPS, configMap('two'))
    const names = async (query: string) => {
      const { body } = await cluster.request('GET', `${CONFIG_MAPS}?${query}`)
      return (body['items'] as { metadata: { name: string } }[]).map(
        ({ metadata }) => metadata.name,
      )
    }
    expect(await names('')).toEqual(['one', 'two'])
    expect(await names('labelSelector=app%3Dweb')).toEqual(['one'])
    expect(await names('fieldSelector=metadata.name%3Dtwo')).toEqual(['two'])
    expect(await names('fieldSelector=metadata.name!%3Dtwo')).toEqual(['one'])
    const unknown = await cluster.request('GET', `${CONFIG_MAPS}?fieldSelector=spec.x%3D1`)
    expect(unknown).toMatchObject({
      code: 400,
      body: {
        message:
          '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
      },
    })
  })

  test('gives a table to those who prefer one', async () => {
    await createDeployment()
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const response = await fetch(`${cluster.url}${DEPLOYMENTS}`, { headers: { accept } })
    const table = (await response.json()) as Record<string, { name: string; priority: number }[]>
    expect(table['kind']).toBe('Table')
    expect(
      table['columnDefinitions']?.map(({ name, priority }) => `${name} ${String(priority)}`),
    ).toEqual([
      'Name 0',
      'Ready 0',
      'Up-to-date 0',
      'Available 0',
      'Age 0',
      'Containers 1',
      'Images 1',
      'Selector 1',
    ])
    expect(table['rows']?.[0]).toMatchObject({ object: { kind: 'PartialObjectMetadata' } })
  })
})

describe('create', () => {
  test('ignores what only the server sets, and takes YAML too', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, uid: mine}\ndata: {k: v}\n'
    const { code, body } = await cluster.request('POST', CONFIG_MAPS, yaml, 'application/yaml')
    expect(code).toBe(201)
    expect(body['data']).toEqual({ k: 'v' })
    expect(body.metadata.uid).not.toBe('mine')
  })

  test('a second one is a 409 AlreadyExists', async () => {
    await createDeployment()
    const { code, body } = await createDeployment()
    expect(code).toBe(409)
    expect(body).toMatchObject({
      reason: 'AlreadyExists',
      message: 'deployments.apps "web" already exists',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    })
  })

  test.each([
    ['{"kind":', 400, 'BadRequest'],
    [{ ...deployment('web', 1), kind: 'Pod' }, 400, 'BadRequest'],
    [{ ...deployment('web', 1), metadata: { name: 'web', namespace: 'other' } }, 400, 'BadRequest'],
    [{ ...deployment('web', 1), spec: { selector: {} } }, 422, 'Invalid'],
    [{ ...deployment('web', 1), spec: null }, 422, 'Invalid'],
  ])('refuses %j with %i %s', async (sent, code, reason) => {
    const answer = await cluster.request('POST', DEPLOYMENTS, sent)
    expect(answer).toMatchObject({ code, body: { kind: 'Status', reason, code } })
  })

  test('reads protobuf, and refuses with 415 a kind that it cannot read so', async () => {
    const type = 'application/vnd.kubernetes.protobuf'
    const bytes = (...parts: (string | number)[]) =>
      parts.map((part) => (typeof part === 'string' ? part : String.fromCharCode(part))).join('')
    const envelope = (kind: string, raw: string) => {
      const meta = bytes(0x0a, 2, 'v1', 0x12, kind.length, kind)
      return bytes('k8s\0', 0x0a, meta.length, meta, 0x12, raw.length, raw)
    }
    const name = bytes(0x0a, 3, 'abc')
    const entry = bytes(0x0a, 1, 'k', 0x12, 1, 'v')
    const raw = bytes(0x0a, name.length, name, 0x12, entry.length, entry)
    const path = '/api/v1/namespaces/default/configmaps'
    const created = await cluster.request('POST', path, envelope('ConfigMap', raw), type)
    expect([created.code, created.body]).toMatchObject([
      201,
      { kind: 'ConfigMap', metadata: { name: 'abc' }, data: { k: 'v' } },
    ])
    expect((await cluster.request('POST', path, envelope('Odd', raw), type)).code).toBe(415)
    expect(
      (await cluster.request('POST', path, envelope('ConfigMap', raw.slice(0, 4)), type)).code,
    ).toBe(400)
    expect((await cluster.request('POST', path, '{}', type)).code).toBe(400)
  })

  test('refuses a namespace that is not there', async () => {
    const { code, body } = await cluster.request('POST', '/api/v1/namespaces/shop/pods', {
      ...pod('web'),
      metadata: { name: 'web' },
    })
    expect([code, body['message']]).toEqual([404, 'namespaces "shop" not found'])
  })

  test('with dryRun=All answers in full and writes nothing', async () => {
    const path = `${DEPLOYMENTS}?dryRun=All`
    const { code, body } = await cluster.request('POST', path, deployment('web', 3))
    expect(code).toBe(201)
    expect(body.spec).toMatchObject({ revisionHistoryLimit: 10 })
    expect(cluster.store.list('deployments')).toEqual([])
    const invalid = await cluster.request('POST', path, deployment('web', -3))
    expect(invalid.code).toBe(422)
  })
})

describe('update and patch', () => {
  test('PUT with an old resourceVersion is a 409 Conflict', async () => {
    const { body } = await cluster.request('POST', CONFIG_MAPS, configMap('one'))
    const path = `${CONFIG_MAPS}/one`
    expect((await cluster.request('PUT', path, { ...body, data: { a: '1' } })).code).toBe(200)
    const stale = await cluster.request('PUT', path, { ...body, data: { a: '2' } })
    expect([stale.code, stale.body['reason']]).toEqual([409, 'Conflict'])
    expect(stale.body['message']).toContain('the object has been modified')
  })

  test('the status changes through /status only, and the spec not through it', async () => {
    await cluster.request('POST', '/api/v1/namespaces/default/services', service('web'))
    const path = '/api/v1/namespaces/default/services/web'
    const status = { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } }
    const ignored = await cluster.request('PATCH', path, { status }, MERGE)
    expect(ignored.body.status).toEqual({ loadBalancer: {} })
    const patch = { status, spec: { type: 'NodePort' } }
    const written = await cluster.request('PATCH', `${path}/status`, patch, MERGE)
    expect(written.body.status).toEqual(status)
    expect(written.body.spec).toMatchObject({ type: 'ClusterIP' })
  })

  test('strategic merge, merge and JSON patch change one container', async () => {
    await createDeployment()
    const image = async (body: unknown, type: string) => {
      const answer = await cluster.request('PATCH', `${DEPLOYMENTS}/web`, body, type)
      const spec = answer.body.spec as ReturnType<typeof deployment>['spec']
      return spec.template.spec.containers.map((one) => one.image)
    }
    const containers = [{ name: 'web', image: 'web:2' }]
    const template = { spec: { containers } }
    expect(await image({ spec: { template } }, STRATEGIC)).toEqual(['web:2'])
    const path = '/spec/template/spec/containers/0/image'
    const operations = [{ op: 'replace', path, value: 'web:3' }]
    expect(await image(operations, 'application/json-patch+json')).toEqual(['web:3'])
    const whole = [{ name: 'web', image: 'web:4' }]
    expect(await image({ spec: { template: { spec: { containers: whole } } } }, MERGE)).toEqual([
      'web:4',
    ])
  })

  test('an apply patch creates, then merges', async () => {
    const type = 'application/apply-patch+yaml'
    const path = `${CONFIG_MAPS}/one?fieldManager=kubectl&force=false`
    const first = await cluster.request('PATCH', path, configMap('one', { a: '1' }), type)
    const second = await cluster.request('PATCH', path, configMap('one', { b: '2' }), type)
    expect([first.code, second.code]).toEqual([201, 200])
    expect(second.body['data']).toEqual({ a: '1', b: '2' })
  })

  test.each([
    ['an unknown patch type', { a: 1 }, 'application/x-patch', 415],
    ['an immutable selector', { spec: { selector: { matchLabels: { app: 'x' } } } }, MERGE, 422],
    ['an invalid result', { spec: { replicas: -1 } }, MERGE, 422],
    ['a stale version', { metadata: { resourceVersion: '1' } }, MERGE, 409],
    [
      'a failing test',
      [{ op: 'test', path: '/kind', value: 'x' }],
      'application/json-patch+json',
      422,
    ],
  ])('refuses %s', async (_what, patch, type, code) => {
    const before = (await createDeployment()).body.spec
    const answer = await cluster.request('PATCH', `${DEPLOYMENTS}/web`, patch, type)
    expect(answer).toMatchObject({ code, body: { kind: 'Status', status: 'Failure' } })
    expect(cluster.store.get('deployments', 'default', 'web')?.spec).toEqual(before)
  })

  test('refuses to change the command of a running pod', async () => {
    cluster.store.create('pods', pod('web'))
    const containers = [{ name: 'web', command: ['other'] }]
    const answer = await cluster.request(
      'PATCH',
      `${PODS}/web`,
      { spec: { containers } },
      STRATEGIC,
    )
    expect([answer.code, answer.body['reason']]).toEqual([422, 'Invalid'])
  })
})

describe('scale', () => {
  test('reads, patches and puts, also without a content type', async () => {
    await createDeployment()
    const path = `${DEPLOYMENTS}/web/scale`
    const scale = await cluster.request('GET', path)
    expect(scale.body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 3 },
      status: { selector: 'app=web' },
    })
    const patched = await cluster.request('PATCH', path, { spec: { replicas: 5 } }, MERGE)
    expect(patched.body.spec).toEqual({ replicas: 5 })
    const put = await fetch(`${cluster.url}${path}`, {
      method: 'PUT',
      body: new TextEncoder().encode(JSON.stringify({ spec: { replicas: 2 } })),
    })
    expect(put.status).toBe(200)
    expect(cluster.store.get('deployments', 'default', 'web')?.spec).toMatchObject({ replicas: 2 })
    const invalid = await cluster.request('PATCH', path, { spec: { replicas: -1 } }, MERGE)
    expect(invalid.code).toBe(422)
  })
})

describe('delete', () => {
  test('answers pods with the pod and other kinds with a Status', async () => {
    cluster.kubelet.endsPods = false
    cluster.store.create('pods', {
      ...pod('web'),
      spec: { ...pod('web').spec, nodeName: 'lab-node-1' },
    })
    const deleted = await cluster.request('DELETE', `${PODS}/web?gracePeriodSeconds=7`)
    expect(deleted.body).toMatchObject({ kind: 'Pod', metadata: { deletionGracePeriodSeconds: 7 } })
    await cluster.request('POST', CONFIG_MAPS, configMap('one'))
    const status = await cluster.request('DELETE', `${CONFIG_MAPS}/one`)
    expect(status.body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'one' },
    })
  })

  test('honours a uid precondition and dryRun in the body', async () => {
    await cluster.request('POST', CONFIG_MAPS, configMap('one'))
    const path = `${CONFIG_MAPS}/one`
    const conflict = await cluster.request('DELETE', path, { preconditions: { uid: 'x' } })
    expect(conflict.code).toBe(409)
    expect((await cluster.request('DELETE', path, { dryRun: ['All'] })).code).toBe(200)
    expect((await cluster.request('GET', path)).code).toBe(200)
  })

  test('deletes a collection by selector', async () => {
    for (const name of ['one', 'two']) {
      await cluster.request('POST', CONFIG_MAPS, {
        ...configMap(name),
        metadata: { name, labels: { name } },
      })
    }
    await cluster.request('DELETE', `${CONFIG_MAPS}?labelSelector=name%3Done`)
    expect(cluster.store.list('configmaps').map(({ metadata }) => metadata.name)).toEqual(['two'])
  })

  test('empties a namespace before it goes, and refuses to delete default', async () => {
    await cluster.request('POST', '/api/v1/namespaces', {
      kind: 'Namespace',
      metadata: { name: 'shop' },
    })
    await cluster.request('POST', DEPLOYMENTS.replace('default', 'shop'), {
      ...deployment('web', 2),
      metadata: { name: 'web' },
    })
    await until('two pods', () => cluster.store.list('pods', 'shop').length === 2)
    const deleted = await cluster.request('DELETE', '/api/v1/namespaces/shop')
    expect(deleted.body.status).toEqual({ phase: 'Terminating' })
    await until('the namespace is gone', () => !cluster.store.get('namespaces', '', 'shop'))
    expect(cluster.store.list('pods', 'shop')).toEqual([])
    expect((await cluster.request('DELETE', '/api/v1/namespaces/default')).code).toBe(403)
  })
})

describe('logs', () => {
  test('are text, of the only container when none is named', async () => {
    cluster.store.create('pods', pod('web'))
    const response = await fetch(`${cluster.url}${PODS}/web/log?tailLines=5`)
    expect(response.headers.get('content-type')).toBe('text/plain')
    expect(await response.text()).toBe('log of web, tail 5\n')
  })

  test.each([
    ['container=x', 'container x is not valid for pod web'],
    ['previous=true', 'previous terminated container "web" in pod "web" not found'],
  ])('refuses ?%s', async (query, message) => {
    cluster.store.create('pods', pod('web'))
    const { code, body } = await cluster.request('GET', `${PODS}/web/log?${query}`)
    expect([code, body['message']]).toEqual([400, message])
  })
})

test('a port in use is a problem, not a crash', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const store = createStore({ random: random(1) })
  const result = await startApiServer({ store, port, logs: { open: () => undefined } })
  other.close()
  expect(result).toMatchObject({ ok: false, error: { code: 'port-in-use' } })
})

test('objects of an odd shape get a Status and leave the server alive', async () => {
  const odd = [
    { ...deployment('web', 1), spec: { template: 5, selector: 7 } },
    { ...pod('web'), spec: { containers: [null] } },
    { ...pod('web'), metadata: named('web', { labels: 5 as never }) },
    [],
  ]
  for (const body of odd) {
    for (const path of [PODS, DEPLOYMENTS]) {
      const answer = await cluster.request('POST', path, body)
      if (answer.code !== 201) expect(answer.body).toMatchObject({ kind: 'Status' })
    }
  }
  expect((await cluster.request('GET', PODS)).code).toBe(200)
})
