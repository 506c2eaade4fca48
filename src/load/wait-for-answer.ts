import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { DEFAULT_MAX_RESPONSE_BYTES, type LoadSpec } from '../scenario/scenario.ts'
import { Connection } from './raw/connection.ts'
import { endpointOf } from './endpoint.ts'
import { HeadMemo } from './raw/response-head.ts'
import type { LoadAddress } from './load-plan.ts'
import { type PreparedRequest, prepareRequest } from './prepared-request.ts'

const WITHIN_MS = 30_000
const ASK_EVERY_MS = 250

/**
 * Sends the scenario's first request, again and again, until it is answered as it should be: a proxy may not have
 * learnt of its endpoints yet, and a wrong address should be told before the run. A problem after 30 s.
 */
export async function waitForAnswer(
  address: LoadAddress,
  load: LoadSpec,
  signal: AbortSignal,
): Promise<Result<void, Problem>> {
  const [first] = load.requests
  if (!first) throw new Error('a scenario without requests')
  const request = prepareRequest(first, address.hostHeader, load.headers)
  const startedMs = performance.now()
  for (;;) {
    const answer = await sendOnce(address, load, request)
    if (answer === 'ok') return succeed(undefined)
    if (signal.aborted || performance.now() - startedMs > WITHIN_MS) {
      return fail({
        code: 'no-answer',
        message: `${first.method} ${first.path} at ${address.host}:${address.port} does not work before anything is changed: ${answer}`,
        hint: 'check target.through and load.requests; a status other than 200 to 399 needs expect: { status: … }',
      })
    }
    await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** `ok`, or what came instead. */
function sendOnce(address: LoadAddress, load: LoadSpec, request: PreparedRequest): Promise<string> {
  return new Promise((resolve) => {
    const end = (answer: string) => {
      clearTimeout(timer)
      connection.destroy()
      resolve(answer)
    }
    const connection = new Connection({
      endpoint: endpointOf(address),
      identityHeader: load.identityHeader,
      memo: new HeadMemo(),
      maxResponseBytes: DEFAULT_MAX_RESPONSE_BYTES,
      isSingleUse: true,
      nowUs: () => Math.round(performance.now() * 1_000),
      listener: {
        answered: ({ parser }) =>
          end(request.isOkStatus(parser.status) ? 'ok' : `status ${parser.status}`),
        failed: (_connection, failure) => end(failure),
        ended: () => end('closed'),
      },
    })
    const timer = setTimeout(() => end('no answer in time'), load.timeoutUs / 1_000)
    connection.send(request, 0, 0)
  })
}
