import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Deployment } from '../../../src/lab/api/kinds/deployment.ts'
import type { Pod } from '../../../src/lab/api/kinds/pod.ts'
import type { TestCluster } from '../api/start-test-cluster.ts'
import { writeKubeconfig } from '../../../src/lab/write-kubeconfig.ts'
import { findKubectls } from '../api/find-kubectl.ts'
import { startTestCluster } from '../api/start-test-cluster.ts'
import { deployment } from './manifests.ts'
import { until } from './until.ts'

const run = promisify(execFile)
const all = findKubectls()
// The oldest and the newest: after each refusal kubectl waits five seconds.
const kubectls = all.filter((_, index) => index === 0 || index === all.length - 1)

if (kubectls.length === 0) {
  test.skip('kubectl is not installed here: install it to test drain', () => {
    expect(kubectls).not.toEqual([])
  })
}

describe.each(kubectls)('kubectl %s', (_version, path) => {
  let cluster: TestCluster
  let home: string

  beforeEach(async () => {
    cluster = await startTestCluster(1, 2)
    home = await mkdtemp(join(tmpdir(), 'podtank-drain-'))
    await writeKubeconfig(join(home, 'kubeconfig'), cluster.url)
    cluster.store.create('deployments', deployment('web', 4))
    await until('four pods', () => available() === 4)
  })

  afterEach(async () => {
    await cluster.close()
    await rm(home, { recursive: true, force: true })
  })

  const kubectl = async (command: string): Promise<string> => {
    const env = {
      HOME: home,
      KUBECACHEDIR: join(home, 'cache'),
      KUBECONFIG: join(home, 'kubeconfig'),
    }
    return (await run(path, command.split(' '), { env, timeout: 20_000 })).stdout.trim()
  }

  const available = () =>
    cluster.store.get<Deployment>('deployments', 'default', 'web')?.status?.availableReplicas

  const onNode = (node: string): number =>
    cluster.store.list<Pod>('pods').filter(({ spec }) => spec.nodeName === node).length

  test(
    'drain moves the pods to the other node, within the budget',
    { timeout: 60_000 },
    async () => {
      await kubectl(
        'create poddisruptionbudget web --selector=app=web --min-available=3 --dry-run=client -o yaml',
      ).then(async (yaml) => {
        await writeFile(join(home, 'pdb.yaml'), yaml)
      })
      await kubectl(`apply -f ${join(home, 'pdb.yaml')}`)
      let fewest = 4
      const stop = cluster.store.watch<Deployment>('deployments', ({ object }) => {
        fewest = Math.min(fewest, object.status?.availableReplicas ?? 0)
      })
      const output = await kubectl('drain lab-node-1 --timeout=15s')
      stop()
      expect(output).toContain('evicting pod default/web-')
      expect(output).toContain('node/lab-node-1 drained')
      await until('four pods again', () => available() === 4)
      expect([onNode('lab-node-1'), onNode('lab-node-2')]).toEqual([0, 4])
      expect(fewest).toBeGreaterThanOrEqual(3)
      expect(await kubectl('get nodes')).toMatch(/lab-node-1 +Ready,SchedulingDisabled/)
      expect(await kubectl('get pdb')).toMatch(/web +3 +N\/A +1 +\d+s/)
      await kubectl('uncordon lab-node-1')
      expect(await kubectl('get nodes')).toMatch(/lab-node-1 +Ready +<none>/)
    },
  )

  test('drain waits for a budget that allows nothing', { timeout: 60_000 }, async () => {
    cluster.store.create('poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: {
        name: 'web',
        namespace: 'default',
        uid: '',
        resourceVersion: '',
        creationTimestamp: '',
      },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'web' } } },
    })
    await expect(kubectl('drain lab-node-1 --timeout=2s')).rejects.toMatchObject({
      stderr: expect.stringContaining(
        "Cannot evict pod as it would violate the pod's disruption budget.",
      ) as string,
    })
    expect([onNode('lab-node-1'), onNode('lab-node-2')]).toEqual([2, 2])
  })
})
