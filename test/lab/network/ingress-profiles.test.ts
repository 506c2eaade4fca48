import { afterEach, describe, expect, it } from 'vitest'
import { random } from '../../../src/base/random.ts'
import { INGRESS_PROFILES } from '../../../src/lab/network/ingress/ingress-profiles.ts'
import { createIngressProxy } from '../../../src/lab/network/ingress/ingress-proxy.ts'
import type {
  IngressProxy,
  IngressProxyOptions,
} from '../../../src/lab/network/ingress/ingress-proxy.ts'
import type { IngressProfile } from '../../../src/lab/network/ingress/profile.ts'
import { answerOk, refusingPort, send, startPod } from './test-network.ts'
import type { Address, HttpOutcome } from './test-network.ts'
import { unansweringPort } from './unanswering-port.ts'

type Answer = Parameters<IngressProxyOptions['onAnswer']>[0]

let proxy: IngressProxy | undefined
afterEach(() => {
  proxy?.close()
})

function profileOf(className: string): IngressProfile {
  const profile = INGRESS_PROFILES[className]
  if (!profile) throw new Error(`no class ${className}`)
  return profile
}

/** The proxy of a profile with its limits cut short, for these pods of 127.0.0.1. */
async function openProxy(
  className: string,
  ports: readonly number[],
  answers: Answer[] = [],
): Promise<Address> {
  const profile = profileOf(className)
  const quick: IngressProfile = {
    ...profile,
    upstream: { ...profile.upstream, connectMs: 200, readMs: 200 },
    retry: { ...profile.retry, pauseMs: 0 },
  }
  const address = await new Promise<Address>((resolve) => {
    proxy = createIngressProxy({
      profile: quick,
      random: random(1),
      addresses: [{ host: '127.0.0.1', port: 0 }],
      onAnswer: (answer) => answers.push(answer),
      onBound: resolve,
    })
  })
  const peers = ports.map((port, index) => ({
    pod: `pod-${String(index)}`,
    address: '127.0.0.1',
    port,
  }))
  proxy?.setRoutes([{ path: '/', match: 'element', peers }])
  return address
}

const kindOf = ({ status, body, headers }: HttpOutcome) => ({
  status,
  server: headers['server'],
  body: body.replaceAll('\r\n', '\n'),
})

const aws = (title: string) =>
  `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n</body>\n</html>\n`
const nginx = (title: string) =>
  aws(title).replace('</body>', '<hr><center>nginx</center>\n</body>')
const ha = (title: string, text: string) =>
  `<html><body><h1>${title}</h1>\n${text}\n</body></html>\n`
const reset = (reason: string) =>
  `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`

const NO_SERVER = ha('503 Service Unavailable', 'No server is available to handle this request.')

/** Reference 3.6: the same fault, class by class. */
const TABLE: Readonly<Record<string, Readonly<Record<string, readonly [number, string]>>>> = {
  nginx: {
    refused: [502, nginx('502 Bad Gateway')],
    'connect timeout': [504, nginx('504 Gateway Time-out')],
    closed: [502, nginx('502 Bad Gateway')],
    slow: [504, nginx('504 Gateway Time-out')],
    'no endpoints': [503, nginx('503 Service Temporarily Unavailable')],
  },
  traefik: {
    refused: [502, 'Bad Gateway'],
    'connect timeout': [504, 'Gateway Timeout'],
    closed: [502, 'Bad Gateway'],
    slow: [504, 'Gateway Timeout'],
    'no endpoints': [503, 'no available server\n'],
  },
  haproxy: {
    refused: [503, NO_SERVER],
    'connect timeout': [503, NO_SERVER],
    closed: [502, ha('502 Bad Gateway', 'The server returned an invalid or incomplete response.')],
    slow: [504, ha('504 Gateway Time-out', "The server didn't respond in time.")],
    'no endpoints': [503, NO_SERVER],
  },
  envoy: {
    refused: [503, reset('connection failure')],
    'connect timeout': [503, reset('connection timeout')],
    closed: [503, reset('connection termination')],
    slow: [504, 'upstream request timeout'],
    'no endpoints': [503, 'no healthy upstream'],
  },
  alb: {
    refused: [502, aws('502 Bad Gateway')],
    'connect timeout': [504, aws('504 Gateway Time-out')],
    closed: [502, aws('502 Bad Gateway')],
    slow: [504, aws('504 Gateway Time-out')],
    'no endpoints': [503, aws('503 Service Temporarily Unavailable')],
  },
}

const SERVERS: Readonly<Record<string, string | undefined>> = {
  nginx: 'nginx',
  envoy: 'envoy',
  alb: 'awselb/2.0',
}

/** Where a fault's pods are; undefined: there are none. */
async function faultyPod(fault: string): Promise<{ ports: number[]; stop: () => unknown }> {
  if (fault === 'refused') return { ports: [await refusingPort()], stop: () => undefined }
  if (fault === 'no endpoints') return { ports: [], stop: () => undefined }
  if (fault === 'connect timeout') {
    const { port, stop } = await unansweringPort()
    return { ports: [port], stop }
  }
  const { port, stop } = await startPod((socket) => {
    if (fault === 'closed') socket.end()
  })
  return { ports: [port], stop }
}

describe.each(Object.keys(TABLE))('the ingress class %s', (className) => {
  it.each(Object.entries(TABLE[className] ?? {}))(
    'answers a POST whose pod is %s with its own status, words and server',
    async (fault, [status, body]) => {
      const answers: Answer[] = []
      const { ports, stop } = await faultyPod(fault)
      const address = await openProxy(className, ports, answers)
      const outcome = await send(address, 'POST')
      expect(kindOf(outcome)).toEqual({ status, body, server: SERVERS[className] })
      expect(answers).toMatchObject([{ status, clientPort: outcome.clientPort }])
      await stop()
    },
  )

  it('passes an answer of the app on, errors too', async () => {
    const pod = await startPod((socket) =>
      socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nServer: app\r\n\r\nbusy'),
    )
    const address = await openProxy(className, [pod.port])
    const { status, body, headers } = await send(address, 'GET')
    expect([status, body]).toEqual([503, 'busy'])
    // nginx and Envoy write their own name over it.
    expect(headers['server']).toBe({ nginx: 'nginx', envoy: 'envoy' }[className] ?? 'app')
    pod.stop()
  })
})

/** Whether a request is answered by another pod, or by the same again. */
async function statusAfter(
  className: string,
  method: string,
  ports: readonly number[],
): Promise<number[]> {
  const address = await openProxy(className, ports)
  return [await send(address, method), await send(address, method)].map(({ status }) => status)
}

describe('a failed try', () => {
  it.each([
    // Pods are taken in turn, so one of two requests meets the one that refuses.
    ['nginx', [200, 200]],
    ['traefik', [200, 502]],
    // HAProxy tries the same server again.
    ['haproxy', [200, 503]],
    ['envoy', [200, 503]],
    ['alb', [200, 502]],
  ])('behind %s, with one pod of two refusing, ends in %j', async (className, expected) => {
    const pod = await startPod(answerOk)
    const statuses = await statusAfter(className, 'POST', [pod.port, await refusingPort()])
    expect(statuses.sort()).toEqual(expected)
    pod.stop()
  })

  it.each([
    ['nginx', 'GET', 200],
    ['nginx', 'POST', 502],
    ['traefik', 'GET', 200],
    ['traefik', 'POST', 502],
    ['haproxy', 'GET', 502],
    ['envoy', 'GET', 503],
    ['alb', 'GET', 502],
  ])(
    'behind %s, of a %s on a kept connection that is closed, ends in %d',
    async (name, method, status) => {
      const pod = await startPod((socket, number) => {
        if (number === 1) answerOk(socket)
        else socket.end()
      })
      expect(await statusAfter(name, method, [pod.port])).toEqual([200, status])
      pod.stop()
    },
  )

  it('is tried again by HAProxy three times, a second apart', async () => {
    const { retry } = profileOf('haproxy')
    expect([retry.tries, retry.pauseMs, retry.samePeer]).toEqual([4, 1000, true])
    const answers: Answer[] = []
    const address = await openProxy('haproxy', [await refusingPort()], answers)
    await send(address, 'GET')
    expect(answers[0]?.tries).toHaveLength(4)
  })
})
