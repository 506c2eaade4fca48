import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import type { Ingress } from '../../../src/lab/api/kinds/ingress.ts'
import { alb } from '../../../src/lab/network/ingress/profiles/alb.ts'
import type { TargetDefaults } from '../../../src/lab/network/ingress/profile.ts'
import { createTargetGroup } from '../../../src/lab/network/ingress/target-group.ts'
import type { TargetGroup } from '../../../src/lab/network/ingress/target-group.ts'
import { targetSettings } from '../../../src/lab/network/ingress/target-settings.ts'
import type { Peer } from '../../../src/lab/network/peer.ts'
import { until } from '../kubelet/test-node.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const QUICK: TargetDefaults = {
  checkPath: '/healthz',
  checkIntervalSeconds: 0.05,
  checkTimeoutSeconds: 1,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  deregistrationDelaySeconds: 0.1,
}

/** A pod that answers checks with the status of the moment, and counts them. */
async function checkedPod(name: string) {
  const pod = {
    status: 200,
    checks: 0,
    paths: new Set<string>(),
    peer: undefined as Peer | undefined,
  }
  const server = createServer((request, response) => {
    pod.checks += 1
    pod.paths.add(request.url ?? '')
    response.writeHead(pod.status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const peer = { pod: name, address: '127.0.0.1', port: (server.address() as AddressInfo).port }
  return Object.assign(pod, { peer })
}

function group(): { targets: TargetGroup; drained: string[] } {
  const drained: string[] = []
  const targets = createTargetGroup({
    settings: QUICK,
    random: random(1),
    onChange: () => undefined,
    onDrained: ({ pod }) => drained.push(pod),
  })
  closing.push(() => {
    targets.close()
  })
  return { targets, drained }
}

it('a new target gets no request before its first good check', async () => {
  const pod = await checkedPod('a')
  const { targets } = group()
  targets.register([pod.peer])
  expect(targets.serving([pod.peer])).toEqual([])
  await until('healthy', () => targets.serving([pod.peer]).length === 1)
  expect([...pod.paths]).toEqual(['/healthz'])
})

it('a target that fails two checks in a row gets none, as long as another is healthy; with none, all get some', async () => {
  const [a, b] = [await checkedPod('a'), await checkedPod('b')]
  const { targets } = group()
  const peers = [a.peer, b.peer]
  const serving = () => targets.serving(peers).map(({ pod }) => pod)
  targets.register(peers)
  await until('both healthy', () => serving().length === 2)
  a.status = 500
  await until('only b', () => serving().join() === 'b')
  b.status = 500
  await until('fails open', () => serving().join() === 'a,b')
  b.status = 200
  const before = b.checks
  await until('b again', () => serving().join() === 'b')
  expect(b.checks - before).toBeGreaterThanOrEqual(2)
})

it('a deregistered target is checked and asked no more, and drained after its delay', async () => {
  const pod = await checkedPod('a')
  const { targets, drained } = group()
  targets.register([pod.peer])
  await until('healthy', () => targets.serving([pod.peer]).length === 1)
  targets.register([])
  expect(targets.serving([pod.peer])).toEqual([])
  expect(drained).toEqual([])
  await until('drained', () => drained.join() === 'a')
})

it('annotations set what the AWS controller lets them set', () => {
  const ingress = (annotations: Record<string, string>) =>
    ({ metadata: { annotations }, spec: {} }) as unknown as Ingress
  const defaults = alb.targets ?? QUICK
  expect(defaults).toMatchObject({ deregistrationDelaySeconds: 300, checkIntervalSeconds: 15 })
  const prefix = 'alb.ingress.kubernetes.io/'
  const settings = targetSettings(
    ingress({
      [`${prefix}target-group-attributes`]:
        'stickiness.enabled=false, deregistration_delay.timeout_seconds=30',
      [`${prefix}healthcheck-interval-seconds`]: '5',
      [`${prefix}healthcheck-path`]: '/ready',
      [`${prefix}unhealthy-threshold-count`]: 'many',
    }),
    defaults,
  )
  expect(settings).toEqual({
    ...defaults,
    deregistrationDelaySeconds: 30,
    checkIntervalSeconds: 5,
    checkPath: '/ready',
  })
})
