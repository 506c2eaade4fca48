import type { IncomingMessage, RequestOptions } from 'node:http'
import { fail, type Result, succeed } from '../base/result.ts'
import { pause } from '../base/pause.ts'
import type { JsonObject } from '../scenario/scenario.ts'
import { errorOf, statusError } from './api/api-errors.ts'
import { CallSender, LATE, type Sent } from './api/call-sender.ts'
import { readText } from './api/read-text.ts'
import { MAX_RETRIES, retryDelay } from './api/retry-delay.ts'
import type { TokenBucket } from './api/token-bucket.ts'

/** One call of the Kubernetes API. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From the root, such as `/api/v1/namespaces/shop/pods`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Of the body; JSON when absent. */
  readonly contentType?: string
  /** Sending it twice does no more than sending it once; absent: true for GET alone. */
  readonly isRepeatable?: boolean
  /** For all tries together; 30 s when absent. */
  readonly deadlineMs?: number
  /** How often it may be sent again; 10 when absent. */
  readonly retries?: number
  /** Ends the call early. */
  readonly signal?: AbortSignal
}

/** Why a call gave no object. Never holds headers, bodies or secrets. */
export interface ApiError {
  /** The call, such as `PATCH /apis/apps/v1/namespaces/shop/deployments/web/scale`. */
  readonly call: string
  /** HTTP status; absent when no answer came. */
  readonly status?: number
  /** Of the answered Status object, or the system's code: `NotFound`, `ECONNREFUSED`, `timeout`. */
  readonly reason: string
  readonly message: string
  /** How long the server asked to be left alone. */
  readonly retryAfterMs?: number
  /** A PodDisruptionBudget said no: not a matter of the server's load. */
  readonly isBudget?: boolean
  /** What a person can do about it. */
  readonly hint?: string
}

/** Calls the API of one cluster. */
export interface ApiClient {
  readonly server: string
  /**
   * Answers with the JSON object. Tries again after 429 and, when that can do no harm, after 5xx and broken
   * connections, until the deadline.
   */
  call(call: ApiCall): Promise<Result<JsonObject, ApiError>>
  /** Opens a stream, such as a watch; it ends when the signal aborts. Not tried again, except once after a 401. */
  open(call: ApiCall, signal: AbortSignal): Promise<Result<IncomingMessage, ApiError>>
}

export interface ClientOptions {
  /** The server answered 401 to such a request; true when the next one may be answered otherwise. */
  readonly refused?: (options: RequestOptions) => boolean
  /** What must be in no message. */
  readonly secrets?: () => readonly string[]
  /** Told of each answer's `Date` header, for clock skew. */
  readonly onDate?: (date: string, sentAtMs: number, receivedAtMs: number) => void
  readonly bucket?: TokenBucket
  readonly chance?: () => number
}

/** For one try, and for all; a call of ours is small, so an answer that takes longer will not come. */
const TRY_DEADLINE_MS = 10_000
const DEADLINE_MS = 30_000

/**
 * A client for `server`; `authorise` fills in what kubeconfig demands (certificates, tokens, agent). It sends at most
 * 20 requests a second after a burst of 40.
 */
export function apiClient(
  server: string,
  authorise: (options: RequestOptions) => Promise<void>,
  options: ClientOptions = {},
): ApiClient {
  const sender = new CallSender(server, authorise, options)
  const client = new Client(sender, options.chance ?? Math.random)
  return {
    server: sender.server,
    call: (call) => client.call(call),
    open: (call, signal) => client.open(call, signal),
  }
}

class Client {
  readonly #sender: CallSender
  readonly #chance: () => number

  constructor(sender: CallSender, chance: () => number) {
    this.#sender = sender
    this.#chance = chance
  }

  async call(call: ApiCall): Promise<Result<JsonObject, ApiError>> {
    const { isRepeatable = call.method === 'GET', deadlineMs = DEADLINE_MS } = call
    const { retries = MAX_RETRIES, signal } = call
    const untilMs = performance.now() + deadlineMs
    const stop = signal ?? new AbortController().signal
    for (let retry = 0; ; retry++) {
      const leftMs = Math.max(1, untilMs - performance.now())
      const answered = await this.#try(call, stop, Math.min(leftMs, TRY_DEADLINE_MS))
      if (answered.ok || stop.aborted) return answered
      const chance = this.#chance()
      const waitMs = retryDelay({ error: answered.error, isRepeatable, retry, retries, chance })
      if (waitMs === undefined || performance.now() + waitMs >= untilMs) return answered
      await pause(waitMs, stop)
    }
  }

  async #try(
    call: ApiCall,
    stop: AbortSignal,
    limitMs: number,
  ): Promise<Result<JsonObject, ApiError>> {
    const sent = await this.#sender.begin(call, stop, limitMs)
    if (!sent.ok) return sent
    const object = await this.#read(call, sent.value)
    sent.value.settle()
    return object
  }

  async open(call: ApiCall, signal: AbortSignal): Promise<Result<IncomingMessage, ApiError>> {
    const sent = await this.#sender.begin(call, signal, TRY_DEADLINE_MS)
    if (!sent.ok) return sent
    const { answer, settle } = sent.value
    if (answer.statusCode === 200) {
      settle()
      return succeed(answer)
    }
    const refused = await this.#read(call, sent.value)
    settle()
    return refused.ok ? fail(statusError(call, answer, {}, this.#sender.secrets())) : refused
  }

  async #read(call: ApiCall, { answer, isLate }: Sent): Promise<Result<JsonObject, ApiError>> {
    const isGood = (answer.statusCode ?? 0) < 300
    try {
      const text = await readText(answer)
      const object = JSON.parse(text === '' ? '{}' : text) as JsonObject
      return isGood
        ? succeed(object)
        : fail(statusError(call, answer, object, this.#sender.secrets()))
    } catch (error) {
      if (error instanceof SyntaxError) {
        if (!isGood) return fail(statusError(call, answer, {}, this.#sender.secrets()))
        return fail(errorOf(call, new Error('the answer is not JSON'), this.#sender.secrets()))
      }
      return fail(errorOf(call, isLate() ? LATE : error, this.#sender.secrets()))
    }
  }
}
