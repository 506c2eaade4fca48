import { Agent } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { createIngressProxy } from '../../../src/lab/network/ingress/ingress-proxy.ts'
import type {
  IngressProxy,
  IngressProxyOptions,
} from '../../../src/lab/network/ingress/ingress-proxy.ts'
import { ingressNginx } from '../../../src/lab/network/ingress/profiles/ingress-nginx.ts'
import { answerOk, refusingPort, send, startPod } from './test-network.ts'
import type { Address, TestPod } from './test-network.ts'

let proxy: IngressProxy
let ingress: Address
let answers: Parameters<IngressProxyOptions['onAnswer']>[0][] = []
beforeEach(async () => {
  answers = []
  ingress = await new Promise<Address>((resolve) => {
    proxy = createIngressProxy({
      random: random(1),
      profile: ingressNginx,
      addresses: [{ host: '127.0.0.1', port: 0 }],
      onAnswer: (answer) => answers.push(answer),
      onBound: resolve,
    })
  })
})
afterEach(() => {
  proxy.close()
})

function route(pods: TestPod[]): void {
  const peers = pods.map(({ name, port }) => ({ pod: name, address: '127.0.0.1', port }))
  proxy.setRoutes([{ path: '/', match: 'element', peers }])
}

const page = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`

describe('an Ingress', () => {
  it('answers 503 as nginx while there is no ready pod', async () => {
    route([])
    const { body, headers, clientPort } = await send(ingress, 'GET')
    expect(body).toBe(page('503 Service Temporarily Unavailable'))
    expect(headers).toMatchObject({ server: 'nginx', 'content-type': 'text/html' })
    expect(headers['x-pod-name']).toBeUndefined()
    expect(answers).toEqual([{ status: 503, clientPort, tries: [], fault: 'no-endpoints' }])
  })

  it('keeps connections to its pods, and its clients may keep theirs', async () => {
    const pod = await startPod(answerOk)
    route([{ name: 'a', port: pod.port }])
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const outcomes = [await send(ingress, 'GET', agent), await send(ingress, 'POST', agent)]
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200])
    expect(outcomes[0]?.headers).toMatchObject({ server: 'nginx', 'x-pod-name': 'pod' })
    expect(outcomes[0]?.headers['keep-alive']).toBeUndefined()
    expect(outcomes[0]?.clientPort).toBe(outcomes[1]?.clientPort)
    expect(pod.connections).toHaveLength(1)
    agent.destroy()
    pod.stop()
  })

  it.each(['GET', 'POST'])('sends a %s to the next pod when one refuses', async (method) => {
    const pod = await startPod(answerOk)
    route([
      { name: 'a', port: await refusingPort() },
      { name: 'bb', port: pod.port },
    ])
    const statuses = [await send(ingress, method), await send(ingress, method)].map(
      (one) => one.status,
    )
    expect(statuses).toEqual([200, 200])
    expect(answers).toEqual([])
    pod.stop()
  })

  it('answers 502 when three tries were refused', async () => {
    route([{ name: 'a', port: await refusingPort() }])
    const { status, body, clientPort } = await send(ingress, 'GET')
    expect([status, body]).toEqual([502, page('502 Bad Gateway')])
    const refused = { pod: 'a', how: 'refused', reused: false }
    expect(answers).toMatchObject([{ status: 502, clientPort, tries: [refused, refused, refused] }])
  })

  it.each([
    ['GET', 200],
    ['PUT', 200],
    ['POST', 502],
    ['PATCH', 502],
  ])('gives a %s whose pod closes after it was sent a %d', async (method, expected) => {
    const closing = await startPod((socket) => socket.end())
    const pod = await startPod(answerOk)
    route([
      { name: 'a', port: closing.port },
      { name: 'bb', port: pod.port },
    ])
    const statuses = [await send(ingress, method), await send(ingress, method)].map(
      (one) => one.status,
    )
    expect(statuses.sort()).toEqual([200, expected].sort())
    if (expected === 502) {
      const [{ tries } = { tries: [] }] = answers
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
    route([{ name: 'a', port: pod.port }])
    expect((await send(ingress, 'GET')).status).toBe(200)
    expect((await send(ingress, method)).status).toBe(expected)
    if (expected === 502) {
      const [{ tries } = { tries: [] }] = answers
      expect(tries).toEqual([{ pod: 'a', how: 'reset', reused: true }])
    }
    pod.stop()
  })

  it('passes the errors of an app through', async () => {
    const pod = await startPod((socket) =>
      socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nX-Pod-Name: pod\r\n\r\nbusy'),
    )
    route([{ name: 'a', port: pod.port }])
    const { status, body, headers } = await send(ingress, 'GET')
    expect([status, body, headers['x-pod-name']]).toEqual([503, 'busy', 'pod'])
    expect(answers).toMatchObject([{ status: 503, tries: [], answeredBy: 'a' }])
    pod.stop()
  })

  it('cuts the client when the pod dies in the middle of a body', async () => {
    const pod = await startPod((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy())
    })
    route([{ name: 'a', port: pod.port }])
    const { error, body, clientPort } = await send(ingress, 'GET')
    expect([error, body]).toEqual(['aborted', 'half'])
    expect(answers).toMatchObject([
      { status: 0, clientPort, tries: [{ pod: 'a', how: 'cut-body', reused: false }] },
    ])
    pod.stop()
  })

  it('answers 404 as nginx when no path matches', async () => {
    const { status, body } = await send(ingress, 'GET')
    expect([status, body]).toEqual([404, page('404 Not Found')])
  })
})
