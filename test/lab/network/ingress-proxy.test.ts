import { Agent } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../kubelet/test-node.ts'
import { answerOk, refusingPort, send, startPod, startTestNetwork } from './test-network.ts'
import type { Address, TestNetwork, TestPod } from './test-network.ts'

let network: TestNetwork
let ingress: Address
beforeEach(async () => {
  network = startTestNetwork()
  await network.addService('web')
})
afterEach(() => {
  network.close()
})

const ingressRules = () => network.truth('rules').filter(({ where }) => where === 'ingress')

async function route(pods: TestPod[]): Promise<void> {
  network.setPods('web', pods)
  ingress = await network.addIngress('web')
  await until('routed', () => ingressRules().at(-1)?.pods.length === pods.length)
}

const page = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`

describe('an Ingress', { timeout: 20_000 }, () => {
  it('answers 503 as nginx while there is no ready pod', async () => {
    network.setPods('web', [{ name: 'a', port: 1, ready: false }])
    ingress = await network.addIngress('web')
    await until('503', async () => (await send(ingress, 'GET')).status === 503)
    const { body, headers, clientPort } = await send(ingress, 'GET')
    expect(body).toBe(page('503 Service Temporarily Unavailable'))
    expect(headers).toMatchObject({ server: 'nginx', 'content-type': 'text/html' })
    expect(headers['x-pod-name']).toBeUndefined()
    expect(network.truth('answer').at(-1)).toMatchObject({ status: 503, clientPort, tries: [] })
  })

  it('keeps connections to its pods, and its clients may keep theirs', async () => {
    const pod = await startPod(answerOk)
    await route([{ name: 'a', port: pod.port }])
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const answers = [await send(ingress, 'GET', agent), await send(ingress, 'POST', agent)]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[0]?.headers).toMatchObject({ server: 'nginx', 'x-pod-name': 'pod' })
    expect(answers[0]?.headers['keep-alive']).toBeUndefined()
    expect(answers[0]?.clientPort).toBe(answers[1]?.clientPort)
    expect(pod.connections).toHaveLength(1)
    agent.destroy()
    pod.stop()
  })

  it.each(['GET', 'POST'])('sends a %s to the next pod when one refuses', async (method) => {
    const pod = await startPod(answerOk)
    await route([
      { name: 'a', port: await refusingPort() },
      { name: 'bb', port: pod.port },
    ])
    const statuses = [await send(ingress, method), await send(ingress, method)].map(
      (one) => one.status,
    )
    expect(statuses).toEqual([200, 200])
    expect(network.truth('answer')).toEqual([])
    pod.stop()
  })

  it('answers 502 when three tries were refused', async () => {
    await route([{ name: 'a', port: await refusingPort() }])
    const { status, body, clientPort } = await send(ingress, 'GET')
    expect([status, body]).toEqual([502, page('502 Bad Gateway')])
    const refused = { pod: 'a', how: 'refused', reused: false }
    expect(network.truth('answer')).toMatchObject([
      { status: 502, clientPort, tries: [refused, refused, refused] },
    ])
  })

  it.each([
    ['GET', 200],
    ['PUT', 200],
    ['POST', 502],
    ['PATCH', 502],
  ])('gives a %s whose pod closes after it was sent a %d', async (method, expected) => {
    const closing = await startPod((socket) => socket.end())
    const pod = await startPod(answerOk)
    await route([
      { name: 'a', port: closing.port },
      { name: 'bb', port: pod.port },
    ])
    const statuses = [await send(ingress, method), await send(ingress, method)].map(
      (one) => one.status,
    )
    expect(statuses.sort()).toEqual([200, expected].sort())
    if (expected === 502) {
      const [{ tries } = { tries: [] }] = network.truth('answer')
      expect(tries).toEqual([{ pod: 'a', how: 'closed', reused: false }])
    }
    closing.stop()
    pod.stop()
  })

  it.each([
    ['GET', 200],
    ['POST', 502],
  ])('gives a %s on a kept connection that its only pod cuts a %d', async (method, expected) => {
    const pod = await startPod((socket, number) => {
      if (number === 1) answerOk(socket)
      else socket.resetAndDestroy()
    })
    await route([{ name: 'a', port: pod.port }])
    expect((await send(ingress, 'GET')).status).toBe(200)
    expect((await send(ingress, method)).status).toBe(expected)
    if (expected === 502) {
      const [{ tries } = { tries: [] }] = network.truth('answer')
      expect(tries).toEqual([{ pod: 'a', how: 'reset', reused: true }])
    }
    pod.stop()
  })

  it('passes the errors of an app through', async () => {
    const pod = await startPod((socket) =>
      socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nX-Pod-Name: pod\r\n\r\nbusy'),
    )
    await route([{ name: 'a', port: pod.port }])
    const { status, body, headers } = await send(ingress, 'GET')
    expect([status, body, headers['x-pod-name']]).toEqual([503, 'busy', 'pod'])
    expect(network.truth('answer')).toEqual([])
    pod.stop()
  })

  it('cuts the client when the pod dies in the middle of a body', async () => {
    const pod = await startPod((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy())
    })
    await route([{ name: 'a', port: pod.port }])
    const { error, body, clientPort } = await send(ingress, 'GET')
    expect([error, body]).toEqual(['aborted', 'half'])
    expect(network.truth('answer')).toMatchObject([
      { status: 0, clientPort, tries: [{ pod: 'a', how: 'cut-body', reused: false }] },
    ])
    pod.stop()
  })

  it('learns of a change at the next poll, and of one right after it only when it may sync again', async () => {
    await route([{ name: 'a', port: 1 }])
    const firstAtUs = ingressRules()[0]?.atUs ?? 0
    network.setPods('web', [{ name: 'bb', port: 1 }])
    await until('second rules', () => ingressRules().length === 2)
    const seconds = ((ingressRules()[1]?.atUs ?? 0) - firstAtUs) / 1e6
    // Syncs are 3.33 s apart, polls 1 s: the workers see whole seconds of their own clock.
    expect([3, 4].some((whole) => Math.abs(seconds - whole) < 0.1)).toBe(true)
  })
})
