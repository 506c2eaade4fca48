import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { podtank, until } from '../../support/podtank.ts'
import { type AuditedCall, type AuditProxy, startAuditProxy } from './audit-proxy.ts'
import { startSafeRun, writeKubeconfig, writeSafeScenario } from './safe-run.ts'
import { createSafeNamespace, KUBECONFIG, kubectl, type SafeNamespace } from './safe-namespace.ts'

const INGRESS_CLASS = process.env['PODTANK_TEST_INGRESS_CLASS'] ?? 'traefik'
const hasIngress = kubectl(['get', 'ingressclasses', '-o', 'name']).includes(`/${INGRESS_CLASS}\n`)

let namespace: SafeNamespace
let proxy: AuditProxy
let manifests = ''
let kubeconfig = ''
const scenario = writeSafeScenario({ seconds: 4, through: 'ingress/web' })

const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  ingressClassName: ${INGRESS_CLASS}
  rules:
    - host: podtank-safe.test
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
`

beforeAll(async () => {
  namespace = createSafeNamespace('podtank-safe-role')
  const inside = ['-n', namespace.name]
  kubectl([...inside, 'apply', '-f', '-'], ingress)
  const printed = podtank(['manifests', 'rbac', scenario, ...inside])
  expect(await printed.ended).toBe(0)
  manifests = printed.stdout()
  kubectl(['apply', '-f', '-'], manifests)
  proxy = await startAuditProxy()
  const token = kubectl([...inside, 'create', 'token', 'podtank']).trim()
  kubeconfig = writeKubeconfig({ server: proxy.url, user: { token } })
  const address = 'jsonpath={.status.loadBalancer.ingress[0].ip}'
  if (hasIngress)
    await until(() => kubectl([...inside, 'get', 'ingress', 'web', '-o', address]) !== '')
}, 180_000)

afterAll(async () => {
  namespace.remove()
  await proxy.close()
})

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/** Each verb of the printed Role, with the calls that it must have allowed. */
function grants(): { text: string; uses: (call: AuditedCall) => boolean }[] {
  const objects = parseAllDocuments(manifests).map(
    (one) => one.toJS() as { kind: string; rules?: Rule[] },
  )
  expect(objects.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Role', 'RoleBinding'])
  const rules = objects.flatMap((one) => one.rules ?? [])
  return rules.flatMap(({ apiGroups: [group], resources: [resource], resourceNames, verbs }) =>
    verbs.map((verb) => ({
      text: `${verb} ${resource ?? ''} ${resourceNames?.join() ?? ''}`.trim(),
      uses: ({ object, status = 0 }) =>
        status < 400 &&
        object?.verb === verb &&
        object.group === group &&
        object.resource === resource &&
        (resourceNames === undefined || resourceNames.includes(object.name ?? '')),
    })),
  )
}

describe.skipIf(!hasIngress)(
  'the Role of manifests rbac, for one namespace and nothing beside',
  () => {
    it('lets doctor find all permissions', async () => {
      const doctor = podtank(['doctor', scenario, '--kubeconfig', kubeconfig, '-n', namespace.name])
      expect([await doctor.ended, doctor.stdout()]).toEqual([0, doctor.stdout()])
      expect(doctor.stdout()).toContain('permissions are there')
    })

    it('is enough for a run and for a guardian, and none of it is unused', async () => {
      proxy.calls.length = 0
      const whole = startSafeRun(namespace, scenario, [], kubeconfig)
      expect([0, 10, 11], whole.program.stderr()).toContain(await whole.program.ended)
      const killed = startSafeRun(namespace, scenario, [], kubeconfig)
      await killed.program.said('scale to 1: done')
      killed.program.child.kill('SIGKILL')
      const log = join(killed.out, 'guardian.log')
      await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('done after'))
      const denied = proxy.calls.filter(({ status }) => status === 403 || status === 401)
      expect(denied.map(({ method, path }) => `${method} ${path}`)).toEqual([])
      const unused = grants().filter(({ uses }) => !proxy.calls.some(uses))
      expect(unused.map(({ text }) => text)).toEqual([])
      expect(namespace.diff()).toBe('')
      expect(await namespace.leftovers()).toEqual([])
    })
  },
)

describe('--as', () => {
  const as = (who: string) => ['--kubeconfig', KUBECONFIG, '-n', namespace.name, '--as', who]

  it.skipIf(!hasIngress)('acts as somebody who may do it', async () => {
    const who = `system:serviceaccount:${namespace.name}:podtank`
    const doctor = podtank(['doctor', scenario, ...as(who)])
    expect([await doctor.ended, doctor.stdout()]).toEqual([0, doctor.stdout()])
    const { program } = startSafeRun(namespace, scenario, ['--as', who])
    expect([0, 10, 11], program.stderr()).toContain(await program.ended)
    expect(namespace.diff()).toBe('')
  })

  it('of somebody who may not changes nothing, and names the call', async () => {
    const doctor = podtank(['doctor', scenario, ...as('nobody')])
    expect(await doctor.ended).toBe(3)
    expect(doctor.stdout()).toContain('podtank manifests rbac')
    const { program } = startSafeRun(namespace, scenario, ['--as', 'nobody'])
    expect(await program.ended).toBe(3)
    expect(program.stderr()).toContain('nobody')
    expect(namespace.diff()).toBe('')
    expect(await namespace.leftovers()).toEqual([])
  })
})

describe('the same Role for load through a node port', () => {
  it('is enough without any right on nodes', async () => {
    const through = writeSafeScenario({ seconds: 3 })
    const inside = ['-n', namespace.name]
    const printed = podtank(['manifests', 'rbac', through, ...inside])
    expect(await printed.ended).toBe(0)
    manifests = printed.stdout()
    kubectl(['apply', '-f', '-'], manifests)
    const doctor = podtank(['doctor', through, '--kubeconfig', kubeconfig, ...inside])
    expect([await doctor.ended, doctor.stdout()]).toEqual([0, doctor.stdout()])
    proxy.calls.length = 0
    const { program } = startSafeRun(namespace, through, [], kubeconfig)
    expect([0, 10, 11], program.stderr()).toContain(await program.ended)
    const denied = proxy.calls.filter(({ status }) => status === 403 || status === 401)
    expect(denied.map(({ method, path }) => `${method} ${path}`)).toEqual([])
    expect(namespace.diff()).toBe('')
  })
})
