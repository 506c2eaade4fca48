import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import type { Agent, IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { random } from '../../../src/base/random.ts'
import type { EndpointSlice } from '../../../src/lab/api/kinds/endpoint-slice.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import type { KubeObject } from '../../../src/lab/api/store.ts'
import { openGroundTruth } from '../../../src/lab/ground-truth.ts'
import type { TruthEntry } from '../../../src/lab/ground-truth.ts'
import { claimPodAddresses } from '../../../src/lab/kubelet/pod-addresses.ts'
import { loopbackAddresses } from '../../../src/lab/network/lab-addresses.ts'
import { startNetwork } from '../../../src/lab/network/start-network.ts'
import { until } from '../kubelet/test-node.ts'

export interface TestPod {
  readonly name: string
  readonly port: number
  readonly ready?: boolean
  readonly serving?: boolean
  readonly terminating?: boolean
}

export interface Address {
  readonly host: string
  readonly port: number
}

type Timed<T> = T & { readonly atUs: number }
type Truth<Type extends TruthEntry['type']> = Timed<Extract<TruthEntry, { type: Type }>>

/** The lab's network over a store that the test writes itself; every pod has 127.0.0.1 and a port of its own. */
export interface TestNetwork {
  /** Makes a Service with port 80 and gives where it listens. */
  addService(name: string): Promise<Address>
  /** Makes an Ingress for the whole Service of that name. */
  addIngress(name: string): Promise<Address>
  /** One EndpointSlice per pod, since their ports differ. */
  setPods(service: string, pods: readonly TestPod[]): void
  truth<Type extends TruthEntry['type']>(type: Type): Truth<Type>[]
  close(): void
}

const metadata = (name: string) => ({ name, uid: '', resourceVersion: '', creationTimestamp: '' })

interface Published extends KubeObject {
  status?: { loadBalancer: { ingress?: { ip: string; ports: { port: number }[] }[] } }
}

export async function startTestNetwork(): Promise<TestNetwork> {
  const directory = mkdtempSync(join(tmpdir(), 'podtank-network-'))
  const truthPath = join(directory, 'truth.ndjson')
  const store = createStore({ random: random(1) })
  const addresses = await claimPodAddresses()
  if (!addresses) throw new Error('no loopback addresses')
  const truth = openGroundTruth(truthPath)
  const stop = startNetwork({
    store,
    addresses: loopbackAddresses(addresses.labNumber, addresses.hostIp),
    network: 'loopback',
    directory,
    truth,
    random: random(2),
  })

  const published = async (resource: 'services' | 'ingresses', name: string): Promise<Address> => {
    const where = () =>
      store.get<Published>(resource, 'default', name)?.status?.loadBalancer.ingress?.[0]
    await until(`${resource}/${name} is published`, () => where() !== undefined)
    return { host: where()?.ip ?? '', port: where()?.ports[0]?.port ?? 0 }
  }
  const slice = (service: string, pod: TestPod): EndpointSlice => {
    const { ready = true, terminating = false, serving = ready } = pod
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...metadata(`${service}-${pod.name}`),
        labels: { 'kubernetes.io/service-name': service },
      },
      addressType: 'IPv4',
      ports: [{ name: '', port: pod.port, protocol: 'TCP' }],
      endpoints: [
        {
          addresses: [`127.0.0.${pod.name.length}`],
          conditions: { ready, serving, terminating },
          targetRef: { kind: 'Pod', name: pod.name, namespace: 'default', uid: pod.name },
        },
      ],
    }
  }
  return {
    addService: (name) => {
      const spec = { ports: [{ port: 80 }] }
      store.create('services', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata(name),
        spec,
      })
      return published('services', name)
    },
    addIngress: (name) => {
      const spec = { defaultBackend: { service: { name, port: { number: 80 } } } }
      const object = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: metadata(name),
        spec,
      }
      store.create('ingresses', object)
      return published('ingresses', name)
    },
    setPods: (service, pods) => {
      const wanted = pods.map((pod) => slice(service, pod))
      for (const { metadata: old } of store.list('endpointslices')) {
        if (old.labels?.['kubernetes.io/service-name'] !== service) continue
        if (!wanted.some((one) => one.metadata.name === old.name)) {
          store.remove('endpointslices', 'default', old.name)
        }
      }
      for (const one of wanted) {
        const changed = store.change<EndpointSlice>(
          'endpointslices',
          'default',
          one.metadata.name,
          (draft) => {
            draft.endpoints = one.endpoints
          },
        )
        if (!changed) store.create('endpointslices', one)
      }
    },
    truth: <Type extends TruthEntry['type']>(type: Type) =>
      readFileSync(truthPath, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Timed<TruthEntry>)
        .filter((entry): entry is Truth<Type> => entry.type === type),
    close: () => {
      void stop()
      addresses.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** A pod whose answers the test scripts: told of each request's bytes with its number on that connection. */
export async function startPod(
  onRequest: (socket: Socket, numberOnConnection: number) => void,
): Promise<{ port: number; connections: Socket[]; stop: () => void }> {
  const connections: Socket[] = []
  const server: Server = createServer({ noDelay: true }, (socket) => {
    let requests = 0
    connections.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => {
      requests += 1
      onRequest(socket, requests)
    })
  })
  // Any address of the loopback net, so that each pod can have one of its own.
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    stop: () => {
      server.close()
      for (const socket of connections) socket.destroy()
    },
  }
}

export const answerOk = (socket: Socket): boolean =>
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Pod-Name: pod\r\n\r\nok')

/** A port of 127.0.0.1 that refuses. */
export async function refusingPort(): Promise<number> {
  const pod = await startPod(() => undefined)
  pod.stop()
  return pod.port
}

export interface HttpOutcome {
  /** 0 when there was no whole answer. */
  readonly status: number
  readonly body: string
  readonly headers: IncomingMessage['headers']
  /** `aborted` for a body that was cut. */
  readonly error?: string
  readonly clientPort: number
}

/** One request, exactly as it came out. */
export function send(
  address: Address,
  method: string,
  agent: Agent | false = false,
): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    const outgoing = request({ ...address, method, agent, path: '/' }, (response) => {
      let body = ''
      const clientPort = response.socket.localPort ?? 0
      const { headers, statusCode: status = 0 } = response
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.once('end', () => resolve({ status, body, headers, clientPort }))
      response.once('error', () =>
        resolve({ status: 0, body, headers, clientPort, error: 'aborted' }),
      )
    })
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      const clientPort = outgoing.socket?.localPort ?? 0
      resolve({ status: 0, body: '', headers: {}, clientPort, error: error.code ?? error.message })
    })
    outgoing.end()
  })
}
