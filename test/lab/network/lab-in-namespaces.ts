/** Inside namespaces: a lab over the network that is named, and what a test asks of it; tells the answers as JSON. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { request as httpRequest, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pod } from '../../../src/lab/api/kinds/pod.ts'
import type { Service } from '../../../src/lab/api/kinds/service.ts'
import type { KubeObject } from '../../../src/lab/api/store.ts'
import type { LabNetwork } from '../../../src/lab/network/lab-network.ts'
import { startLab } from '../../../src/lab/start-lab.ts'
import { until } from '../kubelet/test-node.ts'

const network = process.argv[2] as LabNetwork
const directory = mkdtempSync(join(tmpdir(), 'podtank-inside-'))
const truthPath = join(directory, 'truth.ndjson')
const lab = await startLab({ directory, seed: 1, network, truthPath })
if (!lab.ok) throw new Error(lab.error.message)
const { serverUrl } = lab.value

const core = '/api/v1/namespaces/default'
async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(serverUrl + path, {
    method,
    headers: {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Every pod takes the same port of all its addresses. */
const SERVER = `require('http').createServer((_, answer) => answer.end(process.env.HOSTNAME + ' ' + require('os').hostname()))
  .listen(8080, '0.0.0.0'); process.on('SIGTERM', () => {})`

const container = {
  name: 'web',
  image: 'node',
  command: [process.execPath, '-e', SERVER],
  ports: [{ containerPort: 8080 }],
  readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
}
const service = (name: string, spec: object) =>
  api<Service>('POST', `${core}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
  })
const runPod = (name: string, spec: object = {}, app = 'web') =>
  api('POST', `${core}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app } },
    spec: { terminationGracePeriodSeconds: 1, containers: [container], ...spec },
  })
const pods = async () => (await api<{ items: Pod[] }>('GET', `${core}/pods`)).items
const isReady = ({ status }: Pod) =>
  status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True')

function get(host: string, port: number, more: RequestOptions = {}): Promise<string> {
  return new Promise((resolve) => {
    const options = { host, port, agent: false, timeout: 8000, ...more }
    const outgoing = httpRequest(options, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.once('end', () => resolve(body))
    })
    outgoing.once('timeout', () => outgoing.destroy(new Error('timeout')))
    outgoing.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    outgoing.end()
  })
}
async function getMany(host: string, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => get(host, 80)))
}

/** Longer than the kernel needs to find out that nobody has an address (3 s); a SYN goes out again within it. */
const PATIENT = { timeout: 4000 }

/** A Service whose one endpoint is where no pod is, as soon as the kernel knows it; gives its address. */
async function vacantService(name: string, spec: object): Promise<string> {
  const { clusterIP: host = '' } = (await service(name, { selector: undefined, ...spec })).spec
  const isRefused = async () => (await get(host, 80, PATIENT)) === 'ECONNREFUSED'
  await until('no endpoints', isRefused)
  await api('POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['198.18.99.99'], conditions: { ready: true } }],
    ports: [{ port: 8080 }],
  })
  await until('an endpoint', async () => !(await isRefused()))
  return host
}

/** Below those that the kernel gives out. */
const TWICE_USED_PORT = 20_001
const UNHEARD_PORT = 20_002
/** The first time and the second the kernel finds out that nobody has the address; what is dropped it cannot know. */
async function attemptInVain() {
  const [vacant, elsewhere] = await Promise.all([
    vacantService('vacant', {}),
    vacantService('elsewhere', { internalTrafficPolicy: 'Local' }),
  ])
  const from = (host: string, localPort: number) => get(host, 80, { ...PATIENT, localPort })
  const dropped = from(elsewhere, UNHEARD_PORT)
  return [await from(vacant, TWICE_USED_PORT), await from(vacant, TWICE_USED_PORT), await dropped]
}

/** Of the connections from a port, as the lab's truth has them. */
const ends = (localPort: number) =>
  readFileSync(truthPath, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { clientPort?: number; how?: string })
    .filter(({ clientPort }) => clientPort === localPort)
    .map(({ how }) => how)

const answers: Record<string, unknown> = {}
const web = await service('web', { type: 'NodePort' })
const empty = await service('empty', {})
await service('local', { internalTrafficPolicy: 'Local' })
const clusterIp = web.spec.clusterIP ?? ''

const names = Array.from({ length: 10 }, (_, index) => `web-${String(index)}`)
const beganMs = performance.now()
await Promise.all(names.map((name) => runPod(name)))
await until('ten addresses', async () => (await pods()).every(({ status }) => status.podIP))
answers['tenAddressesMs'] = Math.round(performance.now() - beganMs)
await until('ten ready', async () => (await pods()).filter(isReady).length === 10, 30_000)
const addresses = (await pods()).map(({ status }) => status.podIP ?? '')
answers['addresses'] = addresses
answers['direct'] = (await Promise.all(addresses.map((ip) => get(ip, 8080)))).sort()
await until('the Service knows all', async () => new Set(await getMany(clusterIp, 200)).size === 10)
answers['spread'] = new Set(await getMany(clusterIp, 300)).size
answers['empty'] = await get(empty.spec.clusterIP ?? '', 80)
answers['nodePort'] = web.spec.ports?.[0]?.nodePort
answers['atNodePort'] =
  answers['nodePort'] === undefined
    ? undefined
    : await get('198.18.0.1', Number(answers['nodePort']))

// With affinity a client stays where it is, and gets a new node port when the Service asks for one.
const sticky = await service('sticky', { selector: { app: 'web' }, sessionAffinity: 'ClientIP' })
const atSticky = () => getMany(sticky.spec.clusterIP ?? '', 30)
await until('a sticky Service', async () => !(await atSticky()).includes('ECONNREFUSED'))
answers['sticky'] = new Set(await atSticky()).size
await api('PATCH', `${core}/services/sticky`, {
  spec: { type: 'NodePort', ports: [{ port: 80, targetPort: 8080, nodePort: 31_234 }] },
})
const atNewPort = () => get('198.18.0.1', 31_234)
if (network === 'kernel') {
  await until('the new node port', async () => (await atNewPort()).startsWith('web-'))
  answers['newNodePort'] = (await atNewPort()) === (await atSticky())[0]
}

// A connection that is established, and whose pod then leaves the slice.
const flow = connect(80, clusterIp)
const heard: string[] = []
flow.on('data', (chunk: Buffer) => heard.push(chunk.toString()))
flow.on('error', (error) => heard.push(error.message))
const ask = () => flow.write('GET / HTTP/1.1\r\nHost: web\r\n\r\n')
ask()
await until('an answer', () => heard.length === 1)
const [, own = ''] = /\r\n\r\n(?:[0-9a-f]+\r\n)?(web-\d)/.exec(heard[0] ?? '') ?? []
await api('PATCH', `${core}/pods/${own}`, { metadata: { labels: { app: 'other' } } })
await until('rules without it', async () => {
  const seen = await getMany(clusterIp, 100)
  return !seen.some((answer) => answer.startsWith(`${own} `))
})
heard.length = 0
ask()
await until('an answer on the old connection', () => heard.length > 0)
answers['establishedFlow'] = heard[0]?.includes(own)
flow.destroy()

const gone = addresses[names.indexOf(own)] ?? ''
await api('DELETE', `${core}/pods/${own}`)
await until('its end', async () => !(await pods()).some(({ metadata }) => metadata.name === own))
answers['gone'] = await get(gone, 8080)

// From within a pod: through a Service, and through one of its own to itself; and one PID namespace for a whole pod.
const self = await service('self', {})
const CLIENT = `
const get = (host) => new Promise((resolve) => require('http')
  .get({ host, agent: false, timeout: 3000 }, (a) => resolve(a.resume().statusCode)).on('error', (e) => resolve(e.code)))
require('http').createServer((_, answer) => answer.writeHead(299).end()).listen(8080, '0.0.0.0')
;(async () => {
  for (let i = 0; i < 40; i += 1) console.log(await get('${clusterIp}'))
  for (;;) {
    const own = await get('${self.spec.clusterIP ?? ''}')
    if (own !== 'ECONNREFUSED') return console.log(own)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
})()`
await runPod(
  'client',
  { containers: [{ name: 'client', image: 'node', command: [process.execPath, '-e', CLIENT] }] },
  'self',
)
await runPod(
  'shared',
  {
    shareProcessNamespace: true,
    restartPolicy: 'Never',
    containers: [
      { name: 'one', image: 'sh', command: ['sh', '-c', 'exec sleep 4321'] },
      {
        name: 'two',
        image: 'sh',
        command: ['sh', '-c', 'sleep 1; echo $$; cat /proc/*/cmdline | tr "\\\\0" " "'],
      },
    ],
  },
  'other',
)
const log = async (path: string) => (await fetch(`${serverUrl}${core}/pods/${path}`)).text()
await until(
  'the client',
  async () => (await log('client/log?container=client')).split('\n').length > 41,
)
answers['fromPod'] = [...new Set((await log('client/log?container=client')).trim().split('\n'))]
await api('DELETE', `${core}/pods/client`)
await until('the other container', async () =>
  (await log('shared/log?container=two')).includes('tr'),
)
answers['shared'] = await log('shared/log?container=two')

if (network === 'kernel') answers['inVain'] = await attemptInVain()

// Nothing ready any more.
await api<KubeObject>('DELETE', `${core}/pods`)
await until('no pods', async () => (await pods()).length === 0, 20_000)
await until('refused', async () => (await get(clusterIp, 80)) === 'ECONNREFUSED')
answers['limits'] = lab.value.fidelity.limits
await lab.value.close()
answers['truth'] = [ends(TWICE_USED_PORT), ends(UNHEARD_PORT)]
const next = await startLab({ directory, seed: 1, network })
answers['nextLab'] = next.ok
if (next.ok) await next.value.close()
process.stdout.write(`${JSON.stringify(answers)}\n`)
process.exit(0)
