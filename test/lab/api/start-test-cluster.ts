import { Readable } from 'node:stream'
import type { ContainerLogs } from '../../../src/lab/api/container-logs.ts'
import type { KubeObject, Store } from '../../../src/lab/api/store.ts'
import type { FaultPlan } from '../../../src/lab/api/faults/fault-plan.ts'
import { createFaultPlan } from '../../../src/lab/api/faults/fault-plan.ts'
import { random } from '../../../src/base/random.ts'
import { type ApiServerOptions, startApiServer } from '../../../src/lab/api/api-server.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import { nodeNames, registerNodes } from '../../../src/lab/controllers/node/register-nodes.ts'
import { startControllers } from '../../../src/lab/controllers/start-controllers.ts'
import { startFakeKubelet, type FakeKubelet } from '../controllers/fake-kubelet.ts'

/** An object as an answer has it: whatever the test looks at. */
export interface Answer {
  readonly code: number
  readonly contentType: string
  readonly body: KubeObject & Record<string, unknown>
}

export interface TestCluster {
  readonly store: Store
  readonly kubelet: FakeKubelet
  readonly url: string
  /** Empty until a test sets it. */
  readonly faults: FaultPlan
  /** `METHOD /path` of every request so far. */
  readonly requests: string[]
  request(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>
  close(): Promise<void>
}

const logs: ContainerLogs = {
  open: ({ previous, container, tailLines }) =>
    previous ? undefined : Readable.from([`log of ${container}, tail ${String(tailLines)}\n`]),
}

/** API server, controllers and a fake kubelet in this process. */
export async function startTestCluster(
  seed = 1,
  nodes = 1,
  secure: Pick<ApiServerOptions, 'adminToken' | 'tls'> = {},
): Promise<TestCluster> {
  const chance = random(seed)
  const store = createStore({ random: chance.stream('store') })
  registerNodes(store, nodeNames(nodes), '127.0.0.1')
  const requests: string[] = []
  const faults = createFaultPlan(chance.stream('faults'))
  const server = await startApiServer({
    store,
    logs,
    port: 0,
    faults,
    ...secure,
    onRequest: ({ method, url }) => requests.push(`${method} ${url}`),
  })
  if (!server.ok) throw new Error(server.error.message)
  const stopControllers = startControllers({ store, random: chance.stream('controllers') })
  const kubelet = startFakeKubelet(store)
  const url = `${secure.tls ? 'https' : 'http'}://127.0.0.1:${String(server.value.port)}`
  return {
    store,
    kubelet,
    url,
    faults,
    requests,
    request: async (method, path, body, contentType = 'application/json') => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const response = await fetch(url + path, {
        method,
        headers: { 'content-type': contentType },
        ...(body === undefined ? {} : { body: text }),
      })
      return {
        code: response.status,
        contentType: response.headers.get('content-type') ?? '',
        body: (await response.json()) as Answer['body'],
      }
    },
    close: async () => {
      kubelet.stop()
      stopControllers()
      await server.value.close()
    },
  }
}
