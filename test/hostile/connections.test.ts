import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { type LoadOptions, type LoadRun, runLoad, totalOf } from '../load/run-load.ts'
import { answerOk, refusingPort, startHostileServer } from '../support/hostile-server.ts'
import { certificate, type TestCertificate, testTls } from '../support/tls/certificate.ts'
import { hostile } from './behaviour.ts'
import { endings } from './behaviours/endings.ts'
import { handshakeBehaviours, plainBehaviours } from './connection-behaviours.ts'
import { type Engine, REQUESTS, runBehaviours } from './run-behaviours.ts'

const TIMEOUT_US = 20_000_000
const SHORT_TIMEOUT_US = 400_000

/** A hundred requests, each on a connection of its own. */
async function runHundred(options: LoadOptions): Promise<LoadRun> {
  const run = await runLoad({ connections: 'new', timeoutUs: TIMEOUT_US, ...options })
  expect(run.end).toEqual({ unlisted: {} })
  expect([run.planned, run.sent, totalOf(run.outcomes)]).toEqual([100, 100, 100])
  return run
}

/** A port whose listener has as many connections waiting as it may, and never takes one. */
async function fullPort(): Promise<AsyncDisposable & { readonly port: number }> {
  const worker = new Worker(
    `const { createServer } = require('node:net')
     const { parentPort } = require('node:worker_threads')
     const server = createServer()
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port)
       setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 50)
     })`,
    { eval: true },
  )
  const [port] = (await once(worker, 'message')) as [number]
  await new Promise((resolve) => setTimeout(resolve, 200))
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1'))
  for (const socket of waiting) socket.on('error', () => undefined)
  await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, 'connect')))
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy()
      await worker.terminate()
    },
  }
}

describe.each(['raw', 'undici'] satisfies Engine[])('the %s engine', (engine) => {
  describe.each(['GET', 'POST'] as const)('and a %s', (method) => {
    const requests = [REQUESTS[method]]

    it.each(plainBehaviours)(
      'meets $name: always its class',
      async ({ act, expected, ...more }) => {
        await using server = await startHostileServer(answerOk, act)
        const timeoutUs = more.isSilent ? SHORT_TIMEOUT_US : TIMEOUT_US
        const run = await runHundred({ engine, requests, timeoutUs, port: server.port })
        expect(run.byUse).toEqual({ new: { [expected.outcome]: 100 }, reused: {} })
        expect(server.connectionCount).toBe(100)
        for (const failure of run.failures) expect(failure).toMatchObject(expected.facts ?? {})
      },
    )

    it.each(handshakeBehaviours)(
      'meets $name in the TLS handshake: always its class',
      async ({ act, expected, ...more }) => {
        await using server = await startHostileServer(answerOk, act)
        const timeoutUs = more.isSilent ? SHORT_TIMEOUT_US : TIMEOUT_US
        const { port } = server
        const run = await runHundred({ engine, requests, timeoutUs, port, tlsMaterial: testTls })
        expect(run.byUse).toEqual({ new: { [expected.outcome]: 100 }, reused: {} })
        expect(server.connectionCount).toBe(100)
        for (const failure of run.failures) expect(failure).toMatchObject(expected.facts ?? {})
      },
    )
  })

  it.each(['expired', 'wrong-host'] satisfies TestCertificate[])(
    'meets a certificate that is %s: tls, and no request is seen',
    async (name) => {
      await using server = await startHostileServer(answerOk, undefined, certificate(name))
      const run = await runHundred({ engine, port: server.port, tlsMaterial: testTls })
      expect(run.outcomes).toEqual({ tls: 100 })
      expect(server.requests).toEqual([])
      const insecure = { ...testTls, insecure: true }
      const trusting = await runHundred({ engine, port: server.port, tlsMaterial: insecure })
      expect(trusting.outcomes).toEqual({ ok: 100 })
    },
  )

  it('meets an authority that it does not know: tls', async () => {
    await using server = await startHostileServer(answerOk, undefined, certificate('server'))
    const tlsMaterial = { serverName: 'shop.test', insecure: false }
    const run = await runHundred({ engine, port: server.port, tlsMaterial })
    expect(run.outcomes).toEqual({ tls: 100 })
    expect(server.requests).toEqual([])
  })

  it('meets a port where nobody listens: refused', async () => {
    const run = await runHundred({ engine, port: await refusingPort() })
    expect(run.byUse).toEqual({ new: { refused: 100 }, reused: {} })
  })

  it('meets an address without a route: unreachable', async () => {
    // TCP to the broadcast address of loopback: the kernel answers ENETUNREACH without a packet.
    const run = await runHundred({ engine, host: '127.255.255.255', port: 80 })
    expect(run.byUse).toEqual({ new: { unreachable: 100 }, reused: {} })
  })

  it('meets a full accept queue: connect-timeout', async () => {
    await using full = await fullPort()
    const run = await runHundred({ engine, port: full.port, timeoutUs: SHORT_TIMEOUT_US })
    expect(run.byUse).toEqual({ new: { 'connect-timeout': 100 }, reused: {} })
  })

  it('meets FIN and RST at each place of an answer over TLS: always their class', async () => {
    const run = await runBehaviours({
      behaviours: [...endings, hostile('an answer', answerOk, { outcome: 'ok' })],
      method: 'GET',
      on: 'new',
      engine,
      timeoutUs: TIMEOUT_US,
      timesEach: 100,
      eachPerSecond: 20,
      isSecure: true,
    })
    expect(run.seenSeqs).toHaveLength(run.run.planned)
    expect(run.goodFailures).toEqual([])
    for (const behaviour of endings) {
      const { outcome, facts } = behaviour.expected
      const failures = run.failures(behaviour)
      expect([behaviour.name, failures.length]).toEqual([
        behaviour.name,
        outcome === 'ok' ? 0 : 100,
      ])
      for (const failure of failures) expect(failure).toMatchObject({ outcome, ...facts })
    }
  })
})
