import { expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import type { Result } from '../../../src/base/result.ts'
import type { Container, EnvVar, Pod, PodSpec } from '../../../src/lab/api/kinds/pod.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import type { KubeObject } from '../../../src/lab/api/store.ts'
import { resolveImage } from '../../../src/lab/apps/images.ts'
import { containerEnv, expand } from '../../../src/lab/kubelet/container-env.ts'

const metadata = (name: string) => ({
  name,
  namespace: 'shop',
  uid: 'u',
  resourceVersion: '',
  creationTimestamp: '',
})

const object = (kind: string, name: string, more: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: metadata(name),
  ...more,
})

function envOf(container: Container, spec: Partial<PodSpec> = {}): Record<string, string> {
  const env = tryEnvOf(container, spec)
  if (!env.ok) throw new Error(env.error)
  return env.value
}

function tryEnvOf(
  container: Container,
  more: Partial<PodSpec> = {},
): Result<Record<string, string>, string> {
  const store = createStore({ random: random(1) })
  const data = { greeting: 'hello', name: 'you' }
  store.create('configmaps', object('ConfigMap', 'words', { data }))
  store.create('secrets', object('Secret', 'keys', { stringData: { pin: '1234' } }))
  const ports = [
    { name: 'http', port: 80 },
    { name: 'https', port: 443 },
  ].map((port) => ({
    protocol: 'TCP',
    ...port,
  }))
  const made = store.create('services', object('Service', 'my-web', { spec: { ports } }))
  if (!made.ok) throw new Error(made.error.message)
  store.create('services', object('Service', 'head', { spec: { clusterIP: 'None', ports } }))
  const spec = { nodeName: 'n1', containers: [container], ...more }
  const labels = { app: 'web' }
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata('web-1'), labels, annotations: { 'a/b': 'c' } },
    spec,
    status: {},
  }
  const image = resolveImage(container.image ?? '')
  return containerEnv({ pod, container, podIp: '127.77.0.9', hostIp: '127.77.0.1', image, store })
}

const fields = (paths: Readonly<Record<string, string>>): EnvVar[] =>
  Object.entries(paths).map(([name, fieldPath]) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  }))

it('has the address, name and port of the pod, and the files of its image', () => {
  const env = envOf({ name: 'c', image: 'podtank.lab/slow:1', ports: [{ containerPort: 9000 }] })
  expect(env).toMatchObject({
    POD_IP: '127.77.0.9',
    HOSTNAME: 'web-1',
    PORT: '9000',
    NODE: process.execPath,
    DELAY_MS: '60000',
  })
  expect(env['APP']).toMatch(/apps\/slow\.(ts|js)$/)
})

it('takes values from fields of the pod', () => {
  const env = fields({
    NAME: 'metadata.name',
    SPACE: 'metadata.namespace',
    UID: 'metadata.uid',
    APP_LABEL: "metadata.labels['app']",
    NO_LABEL: "metadata.labels['none']",
    NOTE: "metadata.annotations['a/b']",
    NODE_NAME: 'spec.nodeName',
    ACCOUNT: 'spec.serviceAccountName',
    IP: 'status.podIP',
    IPS: 'status.podIPs',
    HOST_IP: 'status.hostIP',
  })
  expect(envOf({ name: 'c', env })).toMatchObject({
    NAME: 'web-1',
    SPACE: 'shop',
    UID: 'u',
    APP_LABEL: 'web',
    NO_LABEL: '',
    NOTE: 'c',
    NODE_NAME: 'n1',
    ACCOUNT: 'default',
    IP: '127.77.0.9',
    IPS: '127.77.0.9',
    HOST_IP: '127.77.0.1',
  })
})

it('takes requests and limits in units of the divisor, rounded up', () => {
  const field = (name: string, resource: string, divisor?: string): EnvVar => ({
    name,
    valueFrom: { resourceFieldRef: { resource, ...(divisor === undefined ? {} : { divisor }) } },
  })
  const env = [
    field('CPU', 'requests.cpu'),
    field('MILLIS', 'requests.cpu', '1m'),
    field('MEGS', 'limits.memory', '1Mi'),
  ]
  const resources = { requests: { cpu: '1500m' }, limits: { memory: '64Mi' } }
  expect(envOf({ name: 'c', env, resources })).toMatchObject({
    CPU: '2',
    MILLIS: '1500',
    MEGS: '64',
  })
})

it('takes values from ConfigMaps, Secrets and variables before', () => {
  const env: EnvVar[] = [
    { name: 'WORD', valueFrom: { configMapKeyRef: { name: 'words', key: 'greeting' } } },
    { name: 'PIN', valueFrom: { secretKeyRef: { name: 'keys', key: 'pin' } } },
    {
      name: 'NONE',
      valueFrom: { configMapKeyRef: { name: 'words', key: 'other', optional: true } },
    },
    { name: 'BOTH', value: '$(WORD), $(PIN) $(WHO) $$(WORD)' },
  ]
  const envFrom = [
    { prefix: 'W_', configMapRef: { name: 'words' } },
    { secretRef: { name: 'keys' } },
    { configMapRef: { name: 'none', optional: true } },
  ]
  const made = envOf({ name: 'c', env, envFrom })
  expect(made).toMatchObject({
    WORD: 'hello',
    PIN: '1234',
    W_name: 'you',
    pin: '1234',
    BOTH: 'hello, 1234 $(WHO) $(WORD)',
  })
  expect(made).not.toHaveProperty('NONE')
})

it('fails in the words of the kubelet when something referred to is not there', () => {
  const failure = (container: Partial<Container>) => {
    const env = tryEnvOf({ name: 'c', ...container })
    return env.ok ? undefined : env.error
  }
  const key = (name: string, of: string): Partial<Container> => ({
    env: [{ name: 'X', valueFrom: { configMapKeyRef: { name, key: of } } }],
  })
  expect(failure(key('words', 'other'))).toBe("couldn't find key other in ConfigMap shop/words")
  expect(failure(key('none', 'x'))).toBe('configmap "none" not found')
  expect(failure({ envFrom: [{ secretRef: { name: 'none' } }] })).toBe('secret "none" not found')
})

it('knows the Services of its namespace that have an address, unless the pod wants none', () => {
  const env = envOf({ name: 'c' })
  const host = env['MY_WEB_SERVICE_HOST'] ?? ''
  expect(host).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  expect(env).toMatchObject({
    MY_WEB_SERVICE_PORT: '80',
    MY_WEB_SERVICE_PORT_HTTP: '80',
    MY_WEB_PORT: `tcp://${host}:80`,
    MY_WEB_PORT_443_TCP: `tcp://${host}:443`,
    MY_WEB_PORT_443_TCP_PROTO: 'tcp',
    MY_WEB_PORT_443_TCP_PORT: '443',
    MY_WEB_PORT_443_TCP_ADDR: host,
  })
  expect(env).not.toHaveProperty('HEAD_SERVICE_HOST')
  const without = envOf({ name: 'c' }, { enableServiceLinks: false })
  expect(without).not.toHaveProperty('MY_WEB_SERVICE_HOST')
})

it('leaves unknown variables as they are written', () => {
  expect(expand('a $(B) $C', {})).toBe('a $(B) $C')
})

it('says where the API server would be, with or without the variables of other Services', () => {
  for (const enableServiceLinks of [true, false]) {
    const env = envOf({ name: 'c' }, { enableServiceLinks })
    expect(env).toMatchObject({
      KUBERNETES_SERVICE_HOST: '127.77.0.1',
      KUBERNETES_SERVICE_PORT: '443',
      KUBERNETES_SERVICE_PORT_HTTPS: '443',
      KUBERNETES_PORT_443_TCP: 'tcp://127.77.0.1:443',
    })
    expect('MY_WEB_SERVICE_HOST' in env).toBe(enableServiceLinks)
  }
})
