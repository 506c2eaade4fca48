import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { selfSignedCertificate } from '../../../../src/lab/api/access/self-signed-certificate.ts'
import { writeKubeconfig } from '../../../../src/lab/write-kubeconfig.ts'
import { findKubectls } from '../find-kubectl.ts'
import { startTestCluster, type TestCluster } from '../start-test-cluster.ts'

const run = promisify(execFile)
const kubectls = findKubectls()

let cluster: TestCluster
let home: string

beforeAll(async () => {
  const adminToken = 'the-administrator'
  const tls = selfSignedCertificate()
  cluster = await startTestCluster(1, 1, { adminToken, tls })
  home = await mkdtemp(join(tmpdir(), 'podtank-access-'))
  await writeKubeconfig(join(home, 'kubeconfig'), cluster.url, { adminToken, ...tls })
})

afterAll(async () => {
  await cluster.close()
  await rm(home, { recursive: true, force: true })
})

if (kubectls.length === 0) {
  test.skip('kubectl is not installed here: install it to test RBAC against the real client', () => {
    expect(kubectls).not.toEqual([])
  })
}

describe.each(kubectls)('kubectl %s', (version, path) => {
  const name = `v${version.replaceAll('.', '-').replaceAll(' ', '-')}`
  const kubectl = async (command: string): Promise<string> => {
    const env = { HOME: home, KUBECONFIG: join(home, 'kubeconfig'), PATH: process.env['PATH'] }
    try {
      const { stdout, stderr } = await run(path, command.split(' '), { env })
      return `${stdout}${stderr}`.trim()
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string }
      return `${stdout}${stderr}`.trim()
    }
  }

  test('creates roles and tokens, and is told what it may do', { timeout: 60_000 }, async () => {
    expect(await kubectl('auth can-i create deployments')).toBe('yes')
    expect(await kubectl(`auth can-i list pods --as ${name}`)).toBe('no')
    await kubectl(`create role ${name} --verb=get,list --resource=pods,deployments.apps/scale`)
    await kubectl(`create rolebinding ${name} --role=${name} --user=${name}`)
    expect(await kubectl(`auth can-i list pods --as ${name}`)).toBe('yes')
    expect(await kubectl(`auth can-i get deployments --subresource=scale --as ${name}`)).toBe('yes')
    const list = await kubectl(`auth can-i --list --as ${name}`)
    expect(list).toMatch(/^pods +\[\] +\[\] +\[get list\]$/m)
    expect(list).toMatch(/^deployments\.apps\/scale +\[\] +\[\] +\[get list\]$/m)
    expect(await kubectl(`get pods --as ${name}`)).toBe('No resources found in default namespace.')
    expect(await kubectl(`get services --as ${name}`)).toBe(
      `Error from server (Forbidden): services is forbidden: User "${name}" cannot list resource "services" ` +
        'in API group "" in the namespace "default"',
    )
    expect(await kubectl(`create serviceaccount ${name}`)).toBe(`serviceaccount/${name} created`)
    const token = await kubectl(`create token ${name}`)
    const account = `system:serviceaccount:default:${name}`
    expect(await kubectl(`--token=${token} get pods`)).toContain(`User "${account}" cannot list`)
    expect(await kubectl('--token=wrong get pods')).toContain('(Unauthorized)')
  })
})

test(
  'every kubectl creates the same objects, those that send protobuf too',
  { timeout: 90_000 },
  async () => {
    const first = await Promise.all(kubectls.slice(0, 1).map(([, path]) => createAll(path)))
    for (const [version, path] of kubectls.slice(1)) {
      expect(await createAll(path), `kubectl ${version}`).toEqual(first[0])
    }
  },
)

const CREATORS = [
  'configmap a --from-literal=a=b --from-literal=c=d',
  'secret generic a --from-literal=a=b',
  'deployment a --image=a:1 --image=b:2 --replicas=0',
  'job a --image=a:1 -- sh -c true',
  'ingress a --class=nginx --rule=a.test/x*=web:http --rule=b.test/=web:80,tls=cert',
  'poddisruptionbudget a --selector=app=a --min-available=50%',
  'service nodeport a --tcp=80:web',
  'service externalname b --external-name=a.test',
  'role a --verb=get --resource=pods/log --resource-name=x',
  'clusterrolebinding a --clusterrole=view --group=g --serviceaccount=n:s',
  'namespace a',
]

async function createAll(path: string): Promise<unknown[]> {
  const env = { HOME: home, KUBECONFIG: join(home, 'kubeconfig') }
  const objects: unknown[] = []
  for (const creator of CREATORS) {
    const words = creator.split(' ')
    const end = words.includes('--') ? words.indexOf('--') : words.length
    const options = [...words.slice(0, end), '--dry-run=server', '-o', 'json', ...words.slice(end)]
    const { stdout } = await run(path, ['create', ...options], { env })
    const volatile =
      /"(uid|creationTimestamp|(?:batch\.kubernetes\.io\/)?controller-uid|clusterIP|nodePort)": [^\n]*/g
    // kubectl 1.27 does not know it, and so does not print it.
    const known = stdout.replace(/"podReplacementPolicy": [^\n]*/g, '')
    objects.push(JSON.parse(known.replace(volatile, '"$1": "*",').replace(/,(\s*[}\]])/g, '$1')))
  }
  return objects
}
