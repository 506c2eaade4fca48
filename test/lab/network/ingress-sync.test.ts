import { expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { createIngressSync } from '../../../src/lab/network/ingress/ingress-sync.ts'
import { until } from '../kubelet/test-node.ts'
import { startTestNetwork } from './test-network.ts'

it('an Ingress learns of ready pods at a poll, and of a change right after it only when it may sync again', async () => {
  const network = await startTestNetwork()
  const rules = () => network.truth('rules').filter(({ where }) => where === 'ingress')
  await network.addService('web')
  await network.addIngress('web')
  network.setPods('web', [{ name: 'a', port: 1 }])
  await until('first rules', () => rules().length === 1)
  network.setPods('web', [
    { name: 'bb', port: 1 },
    { name: 'ccc', port: 1, ready: false, serving: true, terminating: true },
  ])
  await until('second rules', () => rules().length === 2)
  expect(rules().map(({ pods }) => pods)).toEqual([['a'], ['bb']])
  // Syncs are 3.33 s apart, polls 1 s: the workers see whole seconds of their own clock.
  const seconds = ((rules()[1]?.atUs ?? 0) - (rules()[0]?.atUs ?? 0)) / 1e6
  expect([3, 4].some((whole) => Math.abs(seconds - whole) < 0.1)).toBe(true)
  network.close()
}, 20_000)

it('a controller that pushes each change lets none overtake an earlier one', async () => {
  const changes = 2_000
  let made = 0
  const applied: number[] = []
  const sync = createIngressSync({ kind: 'push', minMs: 5, maxMs: 8 }, random(1), {
    look: () => made,
    apply: (seen: number) => applied.push(seen),
  })
  while (made < changes) {
    made++
    sync.request()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await until('all are applied', () => applied.length === changes)
  expect(applied).toEqual(Array.from({ length: changes }, (_, index) => index + 1))
  sync.close()
})
