/**
 * A caller with a stale list: it calls provider instances in turn, from PROVIDERS (`HOST:PORT,…`) or from the list of
 * REGISTRY, which it asks each REFRESH_MS. An instance that has left the list is called for TTL_MS more. When a call
 * fails it answers 200 with `"code":5003`, as frameworks with an error code in the body do. `/healthz` is 503 until the list
 * names an instance.
 */
import { get } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerWithJson, answerWithText } from './answer.ts'
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const CALL_TIMEOUT_MS = 1000

const { REGISTRY, PROVIDERS = '' } = process.env
const ttlMs = Number(process.env['TTL_MS'] ?? 5000)
const lastListedMs = new Map<string, number>()
let turn = 0

for (const address of PROVIDERS.split(',').filter(Boolean)) lastListedMs.set(address, Infinity)

function readList(): void {
  const call = get(`http://${REGISTRY ?? ''}/instances`, { agent: false }, (answer) => {
    void readText(answer).then((text) => {
      for (const address of JSON.parse(text) as string[])
        lastListedMs.set(address, performance.now())
    })
  })
  call.on('error', (error) => process.stderr.write(`registry: ${error.message}\n`))
}

async function readText(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of answer) text += String(piece)
  return text
}

function nextInstance(): string | undefined {
  const oldestMs = performance.now() - ttlMs
  for (const [address, listedMs] of lastListedMs) {
    if (listedMs < oldestMs) lastListedMs.delete(address)
  }
  return [...lastListedMs.keys()][turn++ % Math.max(1, lastListedMs.size)]
}

function callProvider(response: ServerResponse): void {
  const address = nextInstance()
  const refuse = (why: string) => {
    if (!response.headersSent) answerWithJson(response, { code: 5003, message: why })
  }
  if (address === undefined) {
    refuse('no provider')
    return
  }
  const call = get(`http://${address}/`, { agent: false, timeout: CALL_TIMEOUT_MS }, (answer) => {
    void readText(answer).then(
      (text) => answerWithJson(response, { code: 0, provider: address, text }),
      () => refuse(`${address} broke off`),
    )
  })
  call.on('timeout', () => call.destroy(new Error('timeout')))
  call.on('error', (error) => refuse(`${address}: ${error.message}`))
}

const server = createAppServer({
  intercept: (response, request) => {
    if (request.url === '/healthz') {
      if (lastListedMs.size > 0) return false
      answerWithText(response, 503, 'no provider yet\n')
      return true
    }
    callProvider(response)
    return true
  },
})
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
if (REGISTRY !== undefined) {
  readList()
  setInterval(readList, Number(process.env['REFRESH_MS'] ?? 1000))
}
