import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Container } from '../../../src/lab/api/kinds/pod.ts'
import { namespacesWork, startTestNode, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

const shellForm: Container = {
  name: 'c',
  image: 'podtank.lab/web:sigterm',
  command: ['sh', '-c', '"$NODE" "$APP"; true'],
  readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
}

async function exitCodeOf(node: TestNode, name: string, container: Container): Promise<number> {
  node.run(name, { terminationGracePeriodSeconds: 1, containers: [container] })
  await until(`${name} ready`, () => node.isReady(name))
  node.store.remove('pods', 'default', name)
  const end = () => node.truth(name).find(({ what }) => what === 'exited')
  await until(`${name} exited`, () => end() !== undefined)
  return end()?.exitCode ?? -1
}

describe.runIf(namespacesWork)('a shell as PID 1 of its namespace', () => {
  it('passes no SIGTERM on, so that SIGKILL ends it', { timeout: 30_000 }, async () => {
    const node = await startTestNode(true)
    expect(await exitCodeOf(node, 'shell', shellForm)).toBe(137)
    node.close()
  })
})

describe('without PID namespaces', { timeout: 30_000 }, () => {
  let node: TestNode
  beforeAll(async () => {
    node = await startTestNode(false)
  })
  afterAll(() => {
    node.close()
  })

  it('a shell dies at SIGTERM, and its children with it', async () => {
    expect(await exitCodeOf(node, 'shell', shellForm)).toBe(143)
  })

  it('an app that handles SIGTERM still ends with its own code', async () => {
    const app = { ...shellForm, command: ['sh', '-c', 'exec "$NODE" "$APP"'] }
    expect(await exitCodeOf(node, 'app', app)).toBe(0)
  })

  it('a hook that would signal PID 1 is refused, since that is the init of the machine', async () => {
    const preStop = { exec: { command: ['sh', '-c', 'kill -QUIT 1'] } }
    expect(await exitCodeOf(node, 'kill', { ...shellForm, lifecycle: { preStop } })).toBe(143)
    expect(node.events('kill')).toContain('Warning FailedPreStopHook')
  })
})
