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

const waits = (name: string, reason: string) =>
  until(`${name} waits with ${reason}`, () => acts.status(name)?.state?.waiting?.reason === reason)
const truths = (name: string) => node.truth(name).map(({ what }) => what)

describe.concurrent('a container that a probe has killed', { timeout: 30_000 }, () => {
  const sick = (more: Partial<Container>): Container => ({
    ...deaf('c'),
    livenessProbe: { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 },
    ...more,
  })

  it('had its preStop, its signal and the grace of the probe', async () => {
    const livenessProbe = { ...sick({}).livenessProbe, terminationGracePeriodSeconds: 3 }
    const lifecycle = { preStop: { sleep: { seconds: 1 } } }
    node.run('grace', { containers: [sick({ livenessProbe, lifecycle })] })
    await until('restarted', () => acts.status('grace')?.restartCount === 1)
    expect(acts.seconds('grace', 'killing', 'signalled')).toBeCloseTo(1, 0)
    expect(acts.seconds('grace', 'killing', 'sigkilled')).toBeCloseTo(3, 0)
    expect(acts.status('grace')?.lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'Error',
    })
  })

  it('keeps the pod Ready through kill and restart when there is no readiness probe', async () => {
    const terminationGracePeriodSeconds = 1
    node.run('stays', { terminationGracePeriodSeconds, containers: [sick({})] })
    await until('restarted', () => acts.status('stays')?.restartCount === 1)
    expect(truths('stays')).toContain('sigkilled')
    expect(truths('stays')).not.toContain('unready')
  })

  it('gets the grace of a deletion that comes meanwhile, and no second signal', async () => {
    node.run('both', { terminationGracePeriodSeconds: 60, containers: [sick({})] })
    await until('signalled', () => truths('both').includes('signalled'))
    acts.remove('both', 2)
    await acts.gone('both')
    expect(truths('both').filter((what) => what === 'killing')).toHaveLength(2)
    expect(truths('both').filter((what) => what === 'signalled')).toHaveLength(1)
    expect(acts.seconds('both', 'delete-requested', 'sigkilled')).toBeCloseTo(2, 0)
  })

  it('was held back from liveness and readiness until its startup probe gave up on it', async () => {
    const never = { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 2 }
    const noted = { exec: { command: ['touch', 'probed'] }, periodSeconds: 1 }
    node.run('start', {
      containers: [
        {
          ...listener('c'),
          startupProbe: never,
          livenessProbe: noted,
          readinessProbe: noted,
          lifecycle: { preStop: { exec: { command: ['test', '!', '-e', 'probed'] } } },
        },
      ],
    })
    await until('restarted', () => acts.status('start')?.restartCount === 1)
    // Its preStop fails when any other probe has run.
    expect(node.events('start')).not.toContain('Warning FailedPreStopHook')
    expect(truths('start')).not.toContain('ready')
    expect(acts.status('start')?.started).toBe(false)
  })
})

describe.concurrent('a container that cannot be brought up', { timeout: 30_000 }, () => {
  it('waits with CreateContainerConfigError while a ConfigMap is missing', async () => {
    const env = [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'no', key: 'x' } } }]
    node.run('config', { containers: [{ ...listener('c'), env }] })
    await waits('config', 'CreateContainerConfigError')
    expect(acts.status('config')?.state?.waiting?.message).toBe('configmap "no" not found')
    expect(node.pod('config')?.status.phase).toBe('Pending')
    expect(truths('config')).not.toContain('started')
    acts.remove('config')
    await acts.gone('config')
  })

  it('is killed when its postStart hook fails, and tried again with a back-off', async () => {
    const lifecycle = { postStart: { exec: { command: ['false'] } } }
    node.run('post', {
      terminationGracePeriodSeconds: 1,
      containers: [{ ...listener('c'), lifecycle }],
    })
    await waits('post', 'CrashLoopBackOff')
    expect(node.events('post')).toContain('Warning FailedPostStartHook')
    const reasons = node.changes
      .filter(({ object }) => object.metadata.name === 'post')
      .map(({ object }) => object.status.containerStatuses?.[0]?.state?.waiting?.reason)
    expect(reasons).toContain('PostStartHookError')
    expect(truths('post')).not.toContain('ready')
  })

  it('starts only after the postStart hook of the container before it', async () => {
    const lifecycle = { postStart: { sleep: { seconds: 1 } } }
    node.run('queue', { containers: [{ ...listener('one'), lifecycle }, listener('two')] })
    await acts.ready('queue')
    const [one, two] = node.truth('queue').filter(({ what }) => what === 'started')
    expect((two?.atUs ?? 0) - (one?.atUs ?? 0)).toBeGreaterThan(0.99e6)
  })

  it('ends with StartError and 128 when its command is not there', async () => {
    node.run('nothing', {
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'b', command: ['/no/such/program'] }],
    })
    await until('Failed', () => node.pod('nothing')?.status.phase === 'Failed')
    expect(acts.status('nothing')?.state?.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
    })
    expect(node.events('nothing')).toContain('Warning Failed')
  })
})

describe.concurrent('a container with a memory limit', { timeout: 30_000 }, () => {
  it('is killed with reason OOMKilled and 137 when it holds more, in a child as well', async () => {
    const hog = 'x=$(head -c 60000000 /dev/zero | tr "\\0" a); sleep 60'
    const command = ['sh', '-c', `sh -c '${hog}'; exit 0`]
    const resources = { limits: { memory: '32Mi' } }
    node.run('hog', {
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'b', command, resources }],
    })
    await until('Failed', () => node.pod('hog')?.status.phase === 'Failed')
    expect(acts.status('hog')?.state?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    })
  })

  it('lives on while it stays below', async () => {
    const resources = { limits: { memory: '64Mi' } }
    node.run('modest', { containers: [{ ...listener('c'), resources }] })
    await acts.ready('modest')
    await acts.runAndRemove('modest')
    const last = node.changes.filter(({ object }) => object.metadata.name === 'modest').at(-1)
    expect(last?.object.status.phase).toBe('Succeeded')
  })
})
