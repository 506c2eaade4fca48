import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../kubelet/test-node.ts'
import { answerOk, refusingPort, send, startPod, startTestNetwork } from './test-network.ts'
import type { Address, TestNetwork } from './test-network.ts'

let network: TestNetwork
let service: Address
beforeEach(async () => {
  network = await startTestNetwork()
  service = await network.addService('web')
})
afterEach(() => {
  network.close()
})

const rules = () => network.truth('rules').filter(({ where }) => where === 'service')
const rulesAre = (pods: string[]) =>
  until(`rules ${pods.join()}`, () => rules().at(-1)?.pods.join() === pods.join())

/** A client connection, and how it ended: `end` for FIN, an error code for the rest. */
async function open(address: Address): Promise<{ socket: Socket; ended: Promise<string> }> {
  const socket = connect({ ...address, allowHalfOpen: true })
  const ended = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  return { socket, ended }
}

describe('a Service', { timeout: 20_000 }, () => {
  it('refuses while it has no endpoints, and again when it has none any more', async () => {
    const pod = await startPod(answerOk)
    const refused = async () => (await send(service, 'GET')).error === 'ECONNREFUSED'
    await until('refused', refused)
    network.setPods('web', [{ name: 'a', port: pod.port }])
    await until('answers', async () => (await send(service, 'GET')).status === 200)
    network.setPods('web', [])
    await until('refused again', refused)
    pod.stop()
  })

  it('uses terminating pods that still serve only when none is ready', async () => {
    const a = { name: 'a', port: 1, ready: false, serving: true, terminating: true }
    const dead = { name: 'ccc', port: 3, ready: false, serving: false, terminating: true }
    network.setPods('web', [a, { name: 'bb', port: 2 }, dead])
    await rulesAre(['bb'])
    network.setPods('web', [a, dead])
    await rulesAre(['a'])
  })

  it('applies the first change at once and those after it together, a second later', async () => {
    const rulesOf = (name: string) => {
      network.setPods('web', [{ name, port: 1 }])
      return performance.now()
    }
    // The listener's own creation was a change; kube-proxy must have been idle for its second.
    await sleep(1100)
    rulesOf('a')
    await rulesAre(['a'])
    rulesOf('bb')
    await sleep(300)
    rulesOf('ccc')
    await rulesAre(['ccc'])
    const [first, second] = rules()
    expect(rules()).toHaveLength(2)
    const slices = network.truth('rules').filter(({ where }) => where === 'slice')
    expect((first?.atUs ?? 0) - (slices[0]?.atUs ?? 0)).toBeLessThan(100_000)
    expect(((second?.atUs ?? 0) - (first?.atUs ?? 0)) / 1000).toBeGreaterThan(990)
    expect(((second?.atUs ?? 0) - (first?.atUs ?? 0)) / 1000).toBeLessThan(1200)
  })

  it('leaves a connection with its pod when the rules change', async () => {
    const [a, b] = [await startPod(answerOk), await startPod(answerOk)]
    network.setPods('web', [{ name: 'a', port: a.port }])
    await rulesAre(['a'])
    const client = await open(service)
    client.socket.write('GET / HTTP/1.1\r\n\r\n')
    await new Promise((resolve) => client.socket.once('data', resolve))
    network.setPods('web', [{ name: 'bb', port: b.port }])
    await rulesAre(['bb'])
    client.socket.write('GET / HTTP/1.1\r\n\r\n')
    await new Promise((resolve) => client.socket.once('data', resolve))
    expect([a.connections.length, b.connections.length]).toEqual([1, 0])
    client.socket.destroy()
    a.stop()
    b.stop()
  })

  it.each([
    ['a reset', 'reset', (socket: Socket) => socket.resetAndDestroy(), 'ECONNRESET'],
    ['a FIN', 'fin', (socket: Socket) => socket.end(), 'end'],
  ] as const)(
    'passes %s on as such, and knows that an answer was owed',
    async (_, how, act, seen) => {
      const pod = await startPod(act)
      network.setPods('web', [{ name: 'a', port: pod.port }])
      await rulesAre(['a'])
      const client = await open(service)
      const clientPort = client.socket.localPort
      client.socket.write('GET / HTTP/1.1\r\n\r\n')
      expect(await client.ended).toBe(seen)
      client.socket.destroy()
      expect(network.truth('cut')).toMatchObject([
        { where: 'service', clientPort, pod: 'a', how, requestOpen: true },
      ])
      pod.stop()
    },
  )

  it('knows that an idle connection owed nothing, and that a half-sent answer did', async () => {
    const pod = await startPod(answerOk)
    network.setPods('web', [{ name: 'a', port: pod.port }])
    await rulesAre(['a'])
    const idle = await open(service)
    idle.socket.write('GET / HTTP/1.1\r\n\r\n')
    await new Promise((resolve) => idle.socket.once('data', resolve))
    pod.connections[0]?.end()
    expect(await idle.ended).toBe('end')
    pod.stop()
    const half = await startPod((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345')
      socket.end()
    })
    network.setPods('web', [{ name: 'bb', port: half.port }])
    await rulesAre(['bb'])
    const cut = await open(service)
    cut.socket.resume()
    cut.socket.write('GET / HTTP/1.1\r\n\r\n')
    expect(await cut.ended).toBe('end')
    expect(network.truth('cut').map(({ requestOpen }) => requestOpen)).toEqual([false, true])
    half.stop()
  })

  it('resets the client of a pod that refuses', async () => {
    network.setPods('web', [{ name: 'a', port: await refusingPort() }])
    await rulesAre(['a'])
    const { error } = await send(service, 'GET')
    expect(error).toBe('ECONNRESET')
    expect(network.truth('cut')).toMatchObject([{ pod: 'a', how: 'refused' }])
  })
})
