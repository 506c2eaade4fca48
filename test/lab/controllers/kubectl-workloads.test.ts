import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findKubectls } from '../api/find-kubectl.ts'
import { startTestCluster, type TestCluster } from '../api/start-test-cluster.ts'

const run = promisify(execFile)
const [newest] = findKubectls().slice(-1)

const manifest = (kind: string, more: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    },
    ...more,
  },
})

describe.runIf(newest)('kubectl rollout', { timeout: 60_000 }, () => {
  let cluster: TestCluster
  let home: string

  beforeEach(async () => {
    cluster = await startTestCluster(1, 2)
    home = await mkdtemp(join(tmpdir(), 'podtank-kubectl-'))
  })

  afterEach(async () => {
    await cluster.close()
    await rm(home, { recursive: true, force: true })
  })

  const kubectl = async (command: string): Promise<string> => {
    const env = { HOME: home, KUBECACHEDIR: join(home, 'cache') }
    const words = [`--server=${cluster.url}`, ...command.split(' ')]
    return (await run(newest?.[1] ?? '', words, { env, timeout: 20_000 })).stdout.trim()
  }

  const apply = async (kind: string, more: object) => {
    const file = join(home, 'web.json')
    await writeFile(file, JSON.stringify(manifest(kind, more)))
    return kubectl(`apply -f ${file}`)
  }

  test('status, restart, history and undo of a StatefulSet', async () => {
    expect(await apply('StatefulSet', { replicas: 2, serviceName: 'web' })).toBe(
      'statefulset.apps/web created',
    )
    const done = 'partitioned roll out complete: 2 new pods have been updated...'
    expect(await kubectl('rollout status sts/web --timeout=15s')).toContain(done)
    expect(await kubectl('get sts')).toMatch(/^NAME +READY +AGE\nweb +2\/2 +\d+s$/)
    await kubectl('set image sts/web web=web:2')
    await kubectl('rollout status sts/web --timeout=15s')
    expect(await kubectl('rollout restart sts/web')).toBe('statefulset.apps/web restarted')
    await kubectl('rollout status sts/web --timeout=15s')
    expect(await kubectl('rollout history sts/web')).toMatch(/\n1 .*\n2 .*\n3 /)
    expect(await kubectl('rollout undo sts/web --to-revision=1')).toContain('rolled back')
    await kubectl('rollout status sts/web --timeout=15s')
    expect(await kubectl('get pods -o jsonpath={.items[*].spec.containers[0].image}')).toBe(
      'web:1 web:1',
    )
    expect(await kubectl('scale sts/web --replicas=1')).toBe('statefulset.apps/web scaled')
    await kubectl('wait --for=delete pod/web-1 --timeout=15s')
    expect(await kubectl('describe sts/web')).toContain('delete Pod web-1 in StatefulSet web')
    expect(await kubectl('delete sts web')).toContain('deleted')
  })

  test('status, restart, history and undo of a DaemonSet', async () => {
    expect(await apply('DaemonSet', {})).toBe('daemonset.apps/web created')
    const done = 'daemon set "web" successfully rolled out'
    expect(await kubectl('rollout status ds/web --timeout=15s')).toContain(done)
    expect(await kubectl('get ds')).toMatch(/\nweb +2 +2 +2 +2 +2 +<none> +\d+s$/)
    await kubectl('set image ds/web web=web:2')
    expect(await kubectl('rollout status ds/web --timeout=15s')).toContain(done)
    expect(await kubectl('rollout restart ds/web')).toBe('daemonset.apps/web restarted')
    expect(await kubectl('rollout status ds/web --timeout=15s')).toContain(done)
    expect(await kubectl('rollout undo ds/web --to-revision=1')).toContain('rolled back')
    expect(await kubectl('rollout status ds/web --timeout=15s')).toContain(done)
    expect(await kubectl('get pods -o jsonpath={.items[*].spec.containers[0].image}')).toBe(
      'web:1 web:1',
    )
    expect(await kubectl('drain lab-node-1 --ignore-daemonsets')).toContain('drained')
    expect(await kubectl('describe ds/web')).toContain('SuccessfulCreate')
  })
})
