import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An API server of so many pods of 3.6 kB, of which so many change each second: `node pod-server.ts PODS UPDATES`.
 * Prints its port. A process of its own, so that its memory is not the watch's.
 */
const PODS = Number(process.argv[2])
const UPDATES = Number(process.argv[3])
const BYTES = 3_600

let version = 1_000_000
const restarts = new Uint32Array(PODS)
const watchers = new Set<ServerResponse>()
const padding = 'x'.repeat(BYTES)

function pod(index: number): string {
  const name = `web-5f7c8d9b6-${index.toString(36).padStart(5, '0')}`
  const object = {
    metadata: {
      name,
      namespace: 'shop',
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(version),
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'web', 'pod-template-hash': '5f7c8d9b6' },
      annotations: { padding: '' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5f7c8d9b6', controller: true }],
    },
    spec: {
      nodeName: `node-${index % 100}`,
      terminationGracePeriodSeconds: 30,
      containers: [
        { name: 'web', image: 'web:1', lifecycle: { preStop: { sleep: { seconds: 5 } } } },
      ],
    },
    status: {
      phase: 'Running',
      podIP: `10.0.${index >> 8}.${index & 255}`,
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: '2026-01-01T00:00:05Z',
      })),
      containerStatuses: [
        {
          name: 'web',
          ready: true,
          restartCount: restarts[index],
          state: { running: { startedAt: '2026-01-01T00:00:04Z' } },
        },
      ],
    },
  }
  object.metadata.annotations.padding = padding.slice(JSON.stringify(object).length)
  return JSON.stringify(object)
}

const server = createServer((request, response) => {
  const query = new URL(request.url ?? '', 'http://api').searchParams
  if (query.get('watch') === 'true') {
    response.writeHead(200).flushHeaders()
    watchers.add(response)
    response.on('close', () => watchers.delete(response))
    return
  }
  const from = Number(query.get('continue') ?? 0)
  const to = Math.min(PODS, from + Number(query.get('limit') ?? PODS))
  const items = Array.from({ length: to - from }, (_, at) => pod(from + at)).join(',')
  const next = to < PODS ? `,"continue":"${to}"` : ''
  response.end(`{"metadata":{"resourceVersion":"${version}"${next}},"items":[${items}]}`)
})

let owed = 0
let lastMs = performance.now()
setInterval(() => {
  const nowMs = performance.now()
  owed += ((nowMs - lastMs) * UPDATES) / 1_000
  lastMs = nowMs
  for (; owed >= 1 && watchers.size > 0; owed--) {
    const index = version++ % PODS
    restarts[index] = (restarts[index] ?? 0) + 1
    const line = `{"type":"MODIFIED","object":${pod(index)}}\n`
    for (const watcher of watchers) watcher.write(line)
  }
}, 10)
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`),
)
