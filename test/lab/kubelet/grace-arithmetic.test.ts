import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Hook } from '../../../src/lab/api/kinds/pod.ts'
import { deaf, listener, podActs } from './pod-acts.ts'
import { startTestNode, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

let node: TestNode
beforeAll(async () => {
  node = await startTestNode()
})
afterAll(() => {
  node.close()
})
const acts = podActs(() => node)

const exec = (command: string): Hook => ({ exec: { command: ['sh', '-c', command] } })

interface Row {
  readonly title: string
  readonly graceSeconds: number
  readonly preStop?: Hook
  /** From `Killing` to the signal. */
  readonly signalSeconds: number
  /** From `Killing` to SIGKILL. */
  readonly killSeconds: number
}

// k8s-mechanics 1.3, row by row.
const rows: readonly Row[] = [
  { title: 'no preStop', graceSeconds: 3, signalSeconds: 0, killSeconds: 3 },
  {
    title: 'no preStop, a grace below the floor',
    graceSeconds: 1,
    signalSeconds: 0,
    killSeconds: 2,
  },
  {
    title: 'a preStop that leaves enough of the grace',
    graceSeconds: 4,
    preStop: { sleep: { seconds: 1 } },
    signalSeconds: 1,
    killSeconds: 4,
  },
  {
    title: 'a preStop whose time is truncated to whole seconds',
    graceSeconds: 4,
    preStop: exec('sleep 1.6'),
    signalSeconds: 1.6,
    killSeconds: 4.6,
  },
  {
    title: 'a preStop that leaves less than the floor',
    graceSeconds: 3,
    preStop: { sleep: { seconds: 2 } },
    signalSeconds: 2,
    killSeconds: 4,
  },
  {
    title: 'a preStop that hangs',
    graceSeconds: 2,
    preStop: exec('sleep 60'),
    signalSeconds: 2,
    killSeconds: 4,
  },
  {
    title: 'a sleep of zero',
    graceSeconds: 2,
    preStop: { sleep: { seconds: 0 } },
    signalSeconds: 0,
    killSeconds: 2,
  },
]

describe.concurrent('the signal and SIGKILL of a container that ignores the signal', () => {
  for (const [index, row] of rows.entries()) {
    it(`come at ${String(row.signalSeconds)} s and ${String(row.killSeconds)} s with ${row.title}`, async () => {
      const name = `row-${String(index)}`
      const { graceSeconds, preStop } = row
      const containers = [deaf('c', preStop)]
      node.run(name, { terminationGracePeriodSeconds: graceSeconds, containers })
      await acts.runAndRemove(name)
      expect(acts.seconds(name, 'killing', 'signalled')).toBeGreaterThan(row.signalSeconds - 0.02)
      expect(acts.seconds(name, 'killing', 'signalled')).toBeLessThan(row.signalSeconds + 0.7)
      const killSeconds = acts.seconds(name, 'killing', 'sigkilled')
      expect(killSeconds).toBeGreaterThan(row.killSeconds - 0.02)
      expect(killSeconds).toBeLessThan(row.killSeconds + 0.7)
      expect(node.truth(name).find(({ what }) => what === 'exited')?.exitCode).toBe(137)
    }, 30_000)
  }

  it('come at 1 s and 3 s with a preStop that hangs and a grace of 0', async () => {
    node.run('zero', { containers: [deaf('c', exec('sleep 60'))] })
    await acts.ready('zero')
    acts.remove('zero', 0)
    await until('exited', () => node.truth('zero').some(({ what }) => what === 'exited'))
    expect(acts.seconds('zero', 'killing', 'signalled')).toBeCloseTo(1, 0)
    expect(acts.seconds('zero', 'killing', 'sigkilled')).toBeCloseTo(3, 0)
  }, 30_000)
})

describe.concurrent('a preStop hook', { timeout: 30_000 }, () => {
  it('that fails leaves an event, and the signal comes at once', async () => {
    node.run('fails', {
      containers: [{ ...listener('c'), lifecycle: { preStop: exec('exit 3') } }],
    })
    await acts.runAndRemove('fails')
    expect(acts.seconds('fails', 'killing', 'signalled')).toBeLessThan(0.7)
    expect(node.events('fails')).toContain('Warning FailedPreStopHook')
  })

  it('of the type httpGet succeeds with any status and fails without an answer', async () => {
    const server = createServer((_request, response) => response.writeHead(500).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const hook = (to: number): Hook => ({ httpGet: { host: '127.0.0.1', port: to } })
    node.run('http', { containers: [{ ...listener('c'), lifecycle: { preStop: hook(port) } }] })
    node.run('shut', { containers: [{ ...listener('c'), lifecycle: { preStop: hook(1) } }] })
    await Promise.all([acts.runAndRemove('http'), acts.runAndRemove('shut')])
    server.close()
    expect(node.events('http')).not.toContain('Warning FailedPreStopHook')
    expect(node.events('shut')).toContain('Warning FailedPreStopHook')
  })

  it('of the type httpGet over HTTPS falls back to HTTP, with an event', async () => {
    const server = createServer((_request, response) => response.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const preStop: Hook = { httpGet: { host: '127.0.0.1', port, scheme: 'HTTPS' } }
    node.run('tls', { containers: [{ ...listener('c'), lifecycle: { preStop } }] })
    await acts.runAndRemove('tls')
    server.close()
    expect(node.events('tls')).toContain('Warning LifecycleHTTPFallback')
    expect(node.events('tls')).not.toContain('Warning FailedPreStopHook')
  })

  it('does not run when the container exits by itself', async () => {
    const command = ['sh', '-c', 'exit 0']
    const lifecycle = { preStop: exec('true') }
    node.run('own', {
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'b', command, lifecycle }],
    })
    await until('Succeeded', () => node.pod('own')?.status.phase === 'Succeeded')
    expect(acts.order('own')).toEqual(['started c', 'exited c'])
  })
})
