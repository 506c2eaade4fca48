import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Container } from '../../../src/lab/api/kinds/pod.ts'
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

const sidecar = (container: Container): Container => ({ ...container, restartPolicy: 'Always' })
const init = (name: string, command: string): Container => ({
  name,
  image: 'b',
  command: ['sh', '-c', command],
})

describe.concurrent('sidecars', { timeout: 30_000 }, () => {
  it('start in the order of the spec, each when the one before has started', async () => {
    const startupProbe = { exec: { command: ['test', '-e', 'up'] }, periodSeconds: 1 }
    const slow = sidecar({
      ...init('slow', 'sleep 1; touch up; trap "exit 0" TERM; while :; do sleep 0.05; done'),
      startupProbe,
    })
    node.run('begin', {
      initContainers: [init('first', 'true'), slow, init('second', 'test -e up')],
      containers: [listener('main')],
    })
    await acts.ready('begin')
    const started = acts.order('begin').filter((one) => !one.startsWith('exited'))
    expect(started).toEqual(['started first', 'started slow', 'started second', 'started main'])
    expect(acts.status('begin', 'second')?.state?.terminated?.exitCode).toBe(0)
    expect(acts.status('begin', 'slow')).toMatchObject({ ready: true, started: true })
    acts.remove('begin')
    await acts.gone('begin')
  })

  it('stop after the regular containers and in reverse order, their preStop hooks at once', async () => {
    const preStop = { exec: { command: ['true'] } }
    node.run('end', {
      initContainers: [
        sidecar({ ...listener('one'), lifecycle: { preStop } }),
        sidecar(listener('two', 0, 7)),
      ],
      containers: [listener('main', 1), listener('other')],
    })
    await acts.runAndRemove('end')
    const order = acts.order('end')
    const place = (what: string) => order.indexOf(what)
    expect(place('prestop-ended one')).toBeLessThan(place('exited main'))
    expect(place('exited main')).toBeLessThan(place('signalled two'))
    expect(place('exited other')).toBeLessThan(place('exited main'))
    expect(place('exited two')).toBeLessThan(place('signalled one'))
    // The exit code 7 of a sidecar does not count.
    const last = node.changes.filter(({ object }) => object.metadata.name === 'end').at(-1)
    expect(last?.object.status.phase).toBe('Succeeded')
    const ends = last?.object.status.initContainerStatuses?.map(
      ({ state }) => state?.terminated?.exitCode,
    )
    expect(ends).toEqual([0, 7])
  })

  it('get the signal at the end of the grace when their turn does not come, and 2 s more', async () => {
    node.run('late', {
      terminationGracePeriodSeconds: 2,
      initContainers: [sidecar(deaf('side'))],
      containers: [deaf('main', { sleep: { seconds: 1 } })],
    })
    await acts.runAndRemove('late')
    expect(acts.seconds('late', 'killing', 'signalled', 'side')).toBeCloseTo(2, 0)
    expect(acts.seconds('late', 'killing', 'sigkilled', 'side')).toBeCloseTo(4, 0)
  })

  it('are restarted whatever the pod says, and count for its readiness', async () => {
    const readinessProbe = { exec: { command: ['test', '-e', 'second'] }, periodSeconds: 1 }
    const command =
      'if [ ! -e first ]; then touch first; exit 0; fi; touch second; trap "exit 0" TERM; while :; do sleep 0.05; done'
    node.run('again', {
      restartPolicy: 'Never',
      initContainers: [sidecar({ ...init('side', command), readinessProbe })],
      containers: [listener('main')],
    })
    await until('main runs', () => acts.status('again', 'main')?.state?.running !== undefined)
    await acts.ready('again')
    expect(acts.status('again', 'side')?.restartCount).toBe(1)
    acts.remove('again')
    await acts.gone('again')
  })

  it('end with the last regular container of a pod that is not restarted; then the pod is terminal', async () => {
    node.run('job', {
      restartPolicy: 'Never',
      initContainers: [sidecar(listener('side', 1))],
      containers: [init('work', 'sleep 0.5')],
    })
    await until('Succeeded', () => node.pod('job')?.status.phase === 'Succeeded')
    expect(acts.status('job', 'side')?.state?.terminated?.exitCode).toBe(0)
    const phases = node.changes
      .filter(({ object }) => object.metadata.name === 'job')
      .map(({ object: { status } }) => {
        const isRunning = status.initContainerStatuses?.[0]?.state?.running !== undefined
        return `${status.phase ?? ''}${isRunning ? ' with sidecar' : ''}`
      })
    expect(phases).not.toContain('Succeeded with sidecar')
  })
})

describe.concurrent('init containers', { timeout: 30_000 }, () => {
  it('that fail for good make the pod Failed, and its containers never run', async () => {
    node.run('broken', {
      restartPolicy: 'Never',
      initContainers: [init('one', 'exit 4'), init('two', 'true')],
      containers: [listener('main')],
    })
    await until('Failed', () => node.pod('broken')?.status.phase === 'Failed')
    expect(acts.order('broken')).toEqual(['started one', 'exited one'])
    expect(acts.status('broken', 'main')?.state?.waiting?.reason).toBe('PodInitializing')
  })

  it('that fail are tried again, and then the containers run', async () => {
    node.run('retry', {
      initContainers: [init('one', 'test -e tried || { touch tried; exit 1; }')],
      containers: [listener('main')],
    })
    await acts.ready('retry')
    expect(acts.status('retry', 'one')?.restartCount).toBe(1)
  })
})
