import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
  type RequestOptions,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { JsonObject } from '../scenario/scenario.ts'
import { fail, type Result, succeed } from '../base/result.ts'

/** One call of the Kubernetes API. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From the root, such as `/api/v1/namespaces/shop/pods`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Of the body; JSON when absent. */
  readonly contentType?: string
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
}

/** Calls the API of one cluster. */
export interface ApiClient {
  readonly server: string
  /** Answers with the JSON object; retries nothing. */
  call(call: ApiCall): Promise<Result<JsonObject, ApiError>>
  /** Opens a stream, such as a watch; it ends when the signal aborts. */
  open(call: ApiCall, signal: AbortSignal): Promise<Result<IncomingMessage, ApiError>>
}

const CALL_DEADLINE_MS = 10_000
const MAX_ANSWER_BYTES = 256 * 1024 * 1024

/** A client for `server`; `authorise` fills in what kubeconfig demands (certificates, tokens, agent). */
export function apiClient(
  server: string,
  authorise: (options: RequestOptions) => Promise<void>,
): ApiClient {
  const base = new URL(server)
  const send = base.protocol === 'https:' ? httpsRequest : httpRequest

  const begin = async (
    call: ApiCall,
    signal: AbortSignal,
  ): Promise<Result<IncomingMessage, ApiError>> => {
    const options: RequestOptions = {}
    try {
      await authorise(options)
    } catch (error) {
      return fail(errorOf(call, error, 'credentials'))
    }
    const body = call.body === undefined ? undefined : JSON.stringify(call.body)
    options.method = call.method
    options.headers = {
      ...(options.headers as OutgoingHttpHeaders | undefined),
      accept: 'application/json',
      ...(body !== undefined && {
        'content-type': call.contentType ?? 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    }
    options.signal = signal
    const url = new URL(base.pathname.replace(/\/$/, '') + call.path, base)
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
    return new Promise((resolve) => {
      const request = send(url, options, (answer) => resolve(succeed(answer)))
      request.on('error', (error) => resolve(fail(errorOf(call, error))))
      request.end(body)
    })
  }

  const readAnswer = async (
    call: ApiCall,
    answer: IncomingMessage,
  ): Promise<Result<JsonObject, ApiError>> => {
    try {
      const text = await readText(answer)
      const object = JSON.parse(text === '' ? '{}' : text) as JsonObject
      const status = answer.statusCode ?? 0
      return status < 300 ? succeed(object) : fail(statusError(call, status, object))
    } catch (error) {
      if (error instanceof SyntaxError && (answer.statusCode ?? 0) >= 300) {
        return fail(statusError(call, answer.statusCode ?? 0, {}))
      }
      return fail(errorOf(call, error))
    }
  }

  return {
    server,
    async call(call) {
      const answer = await begin(call, AbortSignal.timeout(CALL_DEADLINE_MS))
      return answer.ok ? readAnswer(call, answer.value) : answer
    },
    async open(call, signal) {
      const answer = await begin(call, signal)
      if (!answer.ok || answer.value.statusCode === 200) return answer
      const refused = await readAnswer(call, answer.value)
      return refused.ok ? fail(statusError(call, answer.value.statusCode ?? 0, {})) : refused
    },
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of answer) {
    const chunk = piece as Buffer
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too large')
    pieces.push(chunk)
  }
  return Buffer.concat(pieces).toString('utf8')
}

const nameOf = (call: ApiCall) => `${call.method} ${call.path}`

function errorOf(call: ApiCall, error: unknown, reason?: string): ApiError {
  const { code, name, message } = error as NodeJS.ErrnoException
  const isTimeout = name === 'TimeoutError' || name === 'AbortError'
  return {
    call: nameOf(call),
    reason: isTimeout ? 'timeout' : (code ?? reason ?? 'failed'),
    message: isTimeout ? `no answer within ${CALL_DEADLINE_MS / 1_000} s` : message || String(code),
  }
}

function statusError(call: ApiCall, status: number, object: JsonObject): ApiError {
  const { reason, message } = object as { reason?: unknown; message?: unknown }
  return {
    call: nameOf(call),
    status,
    reason: typeof reason === 'string' ? reason : `HTTP ${status}`,
    message: typeof message === 'string' ? message.slice(0, 500) : `HTTP status ${status}`,
  }
}
