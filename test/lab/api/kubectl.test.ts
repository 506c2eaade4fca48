import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { TestCluster } from './start-test-cluster.ts'
import { deployment, service } from '../controllers/manifests.ts'
import { until } from '../controllers/until.ts'
import { findKubectls } from './find-kubectl.ts'
import { startTestCluster } from './start-test-cluster.ts'

const run = promisify(execFile)

const kubectls = findKubectls()

const clientManifest = (object: ReturnType<typeof deployment> | ReturnType<typeof service>) => ({
  ...object,
  metadata: { name: object.metadata.name },
})

const kubeconfig = (server: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'lab', cluster: { server, 'insecure-skip-tls-verify': true } }],
  contexts: [
    { name: 'podtank-lab', context: { cluster: 'lab', user: 'lab', namespace: 'default' } },
  ],
  users: [{ name: 'lab', user: {} }],
  'current-context': 'podtank-lab',
})

if (kubectls.length === 0) {
  test.skip('kubectl is not installed here: install it to test the lab against the real client', () => {
    expect(kubectls).not.toEqual([])
  })
}

describe.each(kubectls)('kubectl %s', (_version, path) => {
  let cluster: TestCluster
  let home: string
  let env: NodeJS.ProcessEnv
  let manifest: string

  beforeEach(async () => {
    cluster = await startTestCluster()
    home = await mkdtemp(join(tmpdir(), 'podtank-kubectl-'))
    env = {
      HOME: home,
      KUBECACHEDIR: join(home, 'cache'),
      KUBECONFIG: join(home, 'kubeconfig'),
      // For `diff`, which runs a program.
      PATH: process.env['PATH'],
    }
    manifest = join(home, 'web.yaml')
    await writeFile(join(home, 'kubeconfig'), stringify(kubeconfig(cluster.url)))
    const objects = [clientManifest(deployment('web', 3)), clientManifest(service('web'))]
    await writeFile(manifest, objects.map((object) => stringify(object)).join('---\n'))
  })

  afterEach(async () => {
    await cluster.close()
    await rm(home, { recursive: true, force: true })
  })

  const kubectl = async (command: string): Promise<string> =>
    (await run(path, command.split(' '), { env, timeout: 20_000 })).stdout.trim()

  test('applies, rolls, scales, reads and deletes', { timeout: 60_000 }, async () => {
    expect(await kubectl(`apply -f ${manifest}`)).toBe(
      'deployment.apps/web created\nservice/web created',
    )
    expect(await kubectl('rollout status deploy/web --timeout=15s')).toContain(
      'deployment "web" successfully rolled out',
    )
    expect(await kubectl('get deploy')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +3\/3 +3 +3 +\d+s$/,
    )
    expect(await kubectl('get pods -o wide')).toMatch(/web-\S+ +1\/1 +Running +0 .*lab-node-1/)
    expect(await kubectl(`apply -f ${manifest}`)).toContain('deployment.apps/web unchanged')
    expect(await kubectl('scale deploy/web --replicas=2')).toBe('deployment.apps/web scaled')
    await kubectl('scale deploy/web --current-replicas=2 --replicas=1')
    expect(await kubectl('rollout restart deploy/web')).toBe('deployment.apps/web restarted')
    await kubectl('rollout status deploy/web --timeout=15s')
    expect(await kubectl('logs deploy/web')).toContain('log of web')
    expect(await kubectl('describe deploy/web')).toMatch(
      /ScalingReplicaSet .*deployment-controller/,
    )
    expect(await kubectl('get events')).toContain('SuccessfulCreate')
    await kubectl('rollout undo deploy/web')
    await kubectl('rollout status deploy/web --timeout=15s')
    expect(cluster.store.list('replicasets')).toHaveLength(2)
    expect(await kubectl('wait --for=condition=Available deploy/web --timeout=10s')).toContain(
      'met',
    )
    expect(await kubectl('set image deploy/web web=web:9')).toContain('image updated')
    await kubectl(`apply --server-side --force-conflicts -f ${manifest}`)
    await kubectl(`delete -f ${manifest} --timeout=15s`)
    await until('the pods are gone', () => cluster.store.list('pods').length === 0)
    await expect(kubectl('get pod none')).rejects.toMatchObject({
      stderr: 'Error from server (NotFound): pods "none" not found\n',
    })
  })

  test('explains, shows differences and describes a node', { timeout: 30_000 }, async () => {
    const explained = await kubectl('explain deployment.spec.strategy.rollingUpdate')
    expect(explained).toMatch(/KIND: +Deployment[\s\S]*maxSurge\s+<IntOrString>/)
    await expect(kubectl('explain pod.spec.nosuch')).rejects.toMatchObject({
      stderr: 'error: field "nosuch" does not exist\n',
    })
    await kubectl(`apply -f ${manifest}`)
    expect(await kubectl(`diff -f ${manifest}`)).toBe('')
    await kubectl('scale deploy/web --replicas=1')
    await expect(kubectl(`diff -f ${manifest}`)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/- {2}replicas: 1\n\+ {2}replicas: 3/) as string,
    })
    expect(await kubectl('get nodes -o wide')).toMatch(/lab-node-1 +Ready .*v1\.34\.0-podtank/)
    expect(await kubectl('describe node lab-node-1')).toMatch(/cpu: +\d+\n[\s\S]*0 \(0%\)/)
  })

  test('get -w prints a line for each change', { timeout: 30_000 }, async () => {
    const watch = spawn(path, ['get', 'deploy', '-w', '--output-watch-events'], { env })
    let output = ''
    watch.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await until('the watch', () =>
      cluster.requests.some(
        (request) => request.includes('deployments?') && request.includes('watch'),
      ),
    )
    cluster.store.create('deployments', deployment('web', 2))
    await until('the last change', () => /MODIFIED +web +2\/2 +2 +2/.test(output))
    watch.kill('SIGKILL')
    expect(output).toMatch(/ADDED +web +0\/2 +0 +0/)
  })
})
