import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Container } from '../../../src/lab/api/kinds/pod.ts'
import { namespacesWork, startTestNode, until } from './test-node.ts'
import type { TestNode } from './test-node.ts'

let node: TestNode
beforeAll(async () => {
  node = await startTestNode()
})
afterAll(() => {
  node.close()
})

const web = (more: Partial<Container> = {}): Container => ({
  name: 'web',
  image: 'podtank.lab/web:sigterm',
  ports: [{ containerPort: 8080 }],
  readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
  ...more,
})

const remove = (name: string, gracePeriodSeconds?: number) =>
  node.store.remove(
    'pods',
    'default',
    name,
    gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds },
  )

const ready = (name: string) => until(`${name} ready`, () => node.isReady(name))
const gone = (name: string, deadlineMs?: number) =>
  until(`${name} gone`, () => node.truth(name).some(({ what }) => what === 'gone'), deadlineMs)
const lastPhase = (name: string) =>
  node.changes.filter(({ object }) => object.metadata.name === name).at(-1)?.object.status.phase
const secondsBetween = (
  name: string,
  from: 'killing' | 'signalled',
  to: 'signalled' | 'sigkilled',
) => (node.atUs(name, to) - node.atUs(name, from)) / 1e6

describe.concurrent('a pod that starts', { timeout: 30_000 }, () => {
  it('gets an address, becomes Ready through its probe and says so in events and status', async () => {
    node.run('start', { containers: [web()] })
    await ready('start')
    const status = node.pod('start')?.status
    expect(status?.phase).toBe('Running')
    expect(status?.podIP).toMatch(/^127\.\d+\.0\.\d+$/)
    expect(status?.hostIP).toBe(node.hostIp)
    expect(status?.containerStatuses?.[0]).toMatchObject({
      name: 'web',
      ready: true,
      started: true,
      restartCount: 0,
      image: 'podtank.lab/web:sigterm',
    })
    expect(status?.containerStatuses?.[0]?.containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/)
    expect(status?.containerStatuses?.[0]?.state?.running?.startedAt).toMatch(/T\d\d:\d\d:\d\dZ$/)
    expect(node.events('start').slice(0, 3)).toEqual([
      'Normal Pulled',
      'Normal Created',
      'Normal Started',
    ])
    const answer = await fetch(`http://${status?.podIP ?? ''}:8080/`)
    expect(answer.headers.get('x-pod-name')).toBe('start')
    expect(node.truth('start').map(({ what }) => what)).toEqual(['started', 'ready'])
  })

  it('runs its init containers one after another before its containers', async () => {
    const order = (name: string): Container => ({
      name,
      image: 'busybox',
      command: ['sh', '-c', `echo ${name} >> order`],
    })
    node.run('init', {
      initContainers: [order('one'), order('two')],
      containers: [
        { name: 'main', image: 'busybox', command: ['sh', '-c', 'cat order; sleep 60'] },
      ],
    })
    await ready('init')
    const log = node.logs.open({
      namespace: 'default',
      pod: 'init',
      container: 'main',
      follow: false,
      timestamps: false,
      previous: false,
    })
    const text = (await log?.toArray())?.join('')
    expect(text).toBe('one\ntwo\n')
    expect(
      node
        .pod('init')
        ?.status.initContainerStatuses?.map(({ state }) => state?.terminated?.exitCode),
    ).toEqual([0, 0])
  })

  it('waits with ImagePullBackOff for an image that the lab does not have', async () => {
    node.run('pull', { containers: [{ name: 'x', image: 'nginx:1' }] })
    const waitsFor = (reason: string) => () =>
      node.pod('pull')?.status.containerStatuses?.[0]?.state?.waiting?.reason === reason
    await until('ErrImagePull', waitsFor('ErrImagePull'))
    await until('ImagePullBackOff', waitsFor('ImagePullBackOff'))
    expect(node.pod('pull')?.status.phase).toBe('Pending')
    expect(node.events('pull')).toContain('Warning Failed')
    remove('pull')
    await gone('pull')
  })

  it('becomes Ready only when a slow start is over', async () => {
    const env = [{ name: 'START_MS', value: '1500' }]
    node.run('slow', { containers: [web({ image: 'podtank.lab/slow-start:1', env })] })
    await ready('slow')
    const seconds = (node.atUs('slow', 'ready') - node.atUs('slow', 'started')) / 1e6
    expect(seconds).toBeGreaterThan(1.5)
    expect(seconds).toBeLessThan(3.5)
    expect(node.events('slow')).toContain('Warning Unhealthy')
  })
})

describe.concurrent('a pod that is deleted', { timeout: 30_000 }, () => {
  it('ends at SIGTERM: Killing first, a terminal phase before it is gone', async () => {
    node.run('term', { containers: [web()] })
    await ready('term')
    remove('term')
    await gone('term')
    expect(
      node
        .truth('term')
        .map(({ what }) => what)
        .slice(2),
    ).toEqual(['delete-requested', 'killing', 'signalled', 'exited', 'unready', 'gone'])
    const [beforeLast, last] = node.changes
      .filter(({ object }) => object.metadata.name === 'term')
      .slice(-2)
    expect(last?.type).toBe('DELETED')
    expect(beforeLast?.object.status.phase).toBe('Succeeded')
    expect(beforeLast?.object.status.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    })
    expect(node.events('term')).toContain('Normal Killing')
  })

  it('is killed after its grace when nobody listens to the signal, and ends Failed with 137', async () => {
    node.run('deaf', {
      terminationGracePeriodSeconds: 3,
      containers: [web({ image: 'podtank.lab/deaf:1' })],
    })
    await ready('deaf')
    remove('deaf')
    await gone('deaf')
    const exit = node.truth('deaf').find(({ what }) => what === 'exited')
    expect(exit?.exitCode).toBe(namespacesWork ? 137 : 143)
    if (namespacesWork) expect(secondsBetween('deaf', 'signalled', 'sigkilled')).toBeCloseTo(3, 0)
    expect(lastPhase('deaf')).toBe('Failed')
  })

  it('gets the image stop signal, or the one of its lifecycle', async () => {
    node.run('quit', { containers: [web({ image: 'podtank.lab/web:sigquit' })] })
    node.run('own', {
      containers: [web({ image: 'podtank.lab/web:sigquit', lifecycle: { stopSignal: 'SIGINT' } })],
    })
    await Promise.all([ready('quit'), ready('own')])
    remove('quit')
    remove('own')
    await Promise.all([gone('quit'), gone('own')])
    const signal = (name: string) =>
      node.truth(name).find(({ what }) => what === 'signalled')?.signal
    expect([signal('quit'), signal('own')]).toEqual(['SIGQUIT', 'SIGINT'])
  })

  it('waits for preStop before the signal, and takes whole seconds of it from the grace', async () => {
    node.run('sleep', {
      terminationGracePeriodSeconds: 4,
      containers: [
        web({
          image: 'podtank.lab/deaf:1',
          lifecycle: { preStop: { exec: { command: ['sleep', '1.5'] } } },
        }),
      ],
    })
    await ready('sleep')
    remove('sleep')
    await gone('sleep')
    expect(secondsBetween('sleep', 'killing', 'signalled')).toBeCloseTo(1.5, 0)
    if (namespacesWork) expect(secondsBetween('sleep', 'signalled', 'sigkilled')).toBeCloseTo(3, 1)
  })

  it('is signalled at the end of the grace when preStop hangs, and killed 2 s later', async () => {
    node.run('hang', {
      terminationGracePeriodSeconds: 1,
      containers: [
        web({
          image: 'podtank.lab/deaf:1',
          lifecycle: { preStop: { exec: { command: ['sleep', '60'] } } },
        }),
      ],
    })
    await ready('hang')
    remove('hang')
    await gone('hang')
    expect(secondsBetween('hang', 'killing', 'signalled')).toBeCloseTo(1, 1)
    if (namespacesWork) expect(secondsBetween('hang', 'signalled', 'sigkilled')).toBeCloseTo(2, 1)
  })

  it('is signalled at once when preStop fails', async () => {
    node.run('fail', {
      containers: [web({ lifecycle: { preStop: { tcpSocket: { port: 8080 } } } })],
    })
    await ready('fail')
    remove('fail')
    await gone('fail')
    expect(secondsBetween('fail', 'killing', 'signalled')).toBeLessThan(0.3)
    expect(node.events('fail')).toContain('Warning FailedPreStopHook')
  })

  it('publishes its containers together, when the last one has ended', async () => {
    const sleeper = (name: string, seconds: string): Container => ({
      name,
      image: 'busybox',
      command: ['sh', '-c', `trap 'sleep ${seconds}; exit 0' TERM; while :; do sleep 0.1; done`],
    })
    node.run('two', { containers: [sleeper('fast', '0'), sleeper('late', '1')] })
    await ready('two')
    remove('two')
    await gone('two')
    const ends = node.changes
      .filter(({ object }) => object.metadata.name === 'two')
      .map(
        ({ object }) =>
          object.status.containerStatuses?.filter(({ state }) => state?.terminated).length,
      )
    expect(ends).not.toContain(1)
    expect(lastPhase('two')).toBe('Succeeded')
  })

  it('leaves the API at once when forced, and its process ends within 3 s', async () => {
    node.run('force', { containers: [web({ image: 'podtank.lab/deaf:1' })] })
    await ready('force')
    remove('force', 0)
    expect(node.pod('force')).toBeUndefined()
    await until('exited', () => node.truth('force').some(({ what }) => what === 'exited'))
    const seconds = (node.atUs('force', 'exited') - node.atUs('force', 'delete-requested')) / 1e6
    expect(seconds).toBeLessThan(3.1)
  })
})

describe.concurrent('a container that ends by itself', { timeout: 30_000 }, () => {
  it('is restarted at once, then after a back-off', async () => {
    node.run('crash', {
      containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'exit 3'] }],
    })
    const status = () => node.pod('crash')?.status.containerStatuses?.[0]
    await until('CrashLoopBackOff', () => status()?.state?.waiting?.reason === 'CrashLoopBackOff')
    expect(status()?.lastState?.terminated?.exitCode).toBe(3)
    expect(status()?.state?.waiting?.message).toMatch(
      /^back-off 10s restarting failed container=c pod=crash_default/,
    )
    expect(node.truth('crash').filter(({ what }) => what === 'started')).toHaveLength(2)
    expect(node.events('crash')).toContain('Warning BackOff')
    remove('crash')
    await gone('crash')
  })

  it('stays ended under restartPolicy Never', async () => {
    node.run('once', {
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'b', command: ['true'] }],
    })
    await until('Succeeded', () => node.pod('once')?.status.phase === 'Succeeded')
    expect(node.truth('once').filter(({ what }) => what === 'started')).toHaveLength(1)
  })
})

describe.concurrent('a liveness probe that fails', { timeout: 30_000 }, () => {
  it('restarts the container, while without a readiness probe the pod stays Ready', async () => {
    const livenessProbe = {
      exec: { command: ['test', '!', '-e', 'sick'] },
      periodSeconds: 1,
      failureThreshold: 2,
    }
    const command = [
      'sh',
      '-c',
      'trap "rm -f sick; exit 0" TERM; sleep 1; touch sick; while :; do sleep 0.1; done',
    ]
    node.run('live', { containers: [{ name: 'c', image: 'b', command, livenessProbe }] })
    const status = () => node.pod('live')?.status.containerStatuses?.[0]
    await until('restarted', () => status()?.restartCount === 1)
    expect(node.truth('live').map(({ what }) => what)).not.toContain('unready')
    expect(node.events('live')).toEqual(
      expect.arrayContaining(['Warning Unhealthy', 'Normal Killing']),
    )
    expect(status()?.lastState?.terminated?.exitCode).toBe(0)
  })
})
