import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Problem } from '../../base/problem.ts'
import type { Result } from '../../base/result.ts'
import { ACCESS_PATH, answerAccessReport } from './access/access-report.ts'
import { createAccessControl } from './access/access-control.ts'
import { bootstrapPolicy } from './access/bootstrap-policy.ts'
import { guardRequest } from './access/guard-request.ts'
import type { Certificate } from './access/self-signed-certificate.ts'
import type { ApiContext, ApiRequest } from './api-context.ts'
import type { ContainerLogs } from './container-logs.ts'
import type { Store } from './store.ts'
import type { FaultPlan } from './faults/fault-plan.ts'
import { answerWithFaults } from './faults/answer-with-faults.ts'
import { controlFaults, FAULTS_PATH } from './faults/fault-control.ts'
import { fail, succeed } from '../../base/result.ts'
import { type Answer, refuse, sendAnswer } from './answer.ts'
import { routeRequest } from './route-request.ts'
import { createWatchCache } from './watch-cache.ts'

const HOST = '127.0.0.1'
const MAX_BODY_BYTES = 3 * 1024 * 1024

export interface ApiServerOptions {
  readonly store: Store
  /** 0: any free one. */
  readonly port: number
  readonly logs: ContainerLogs
  /** What is to go wrong; default: nothing, and the plan cannot be changed. */
  readonly faults?: FaultPlan
  /** Enforces RBAC: who sends this bearer token may do everything. Default: everybody may. */
  readonly adminToken?: string
  /** Serves HTTPS with it; kubectl sends no token over plain HTTP. */
  readonly tls?: Certificate
  /** Told of each request before it is answered. */
  readonly onRequest?: (request: { readonly method: string; readonly url: string }) => void
}

export interface ApiServer {
  readonly port: number
  /** Ends the watches and every connection. */
  close(): Promise<void>
}

/** Serves the Kubernetes API of the lab on loopback (k8s-mechanics 7). Problem: `port-in-use`. */
export function startApiServer(options: ApiServerOptions): Promise<Result<ApiServer, Problem>> {
  const { store, logs, onRequest, faults, tls, adminToken } = options
  if (adminToken !== undefined) bootstrapPolicy(store)
  const access = createAccessControl(store, adminToken)
  const context: ApiContext = { store, logs, access, cache: createWatchCache(store) }
  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    onRequest?.({ method: message.method ?? '', url: message.url ?? '' })
    void answer(context, message, response, faults)
  }
  const settings = { keepAliveTimeout: 60_000 }
  const server = tls
    ? createTlsServer({ ...settings, cert: tls.certificate, key: tls.key }, listener)
    : createServer(settings, listener)
  return new Promise((resolve) => {
    server.once('error', (error) => {
      context.cache.close()
      resolve(fail(listenProblem(options.port, error)))
    })
    server.listen(options.port, HOST, () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : options.port
      resolve(succeed({ port, close: () => closeServer(server, context) }))
    })
  })
}

function listenProblem(port: number, error: NodeJS.ErrnoException): Problem {
  const at = `${HOST}:${String(port)}`
  return error.code === 'EADDRINUSE'
    ? {
        code: 'port-in-use',
        message: `The lab's API server cannot listen on ${at}: the port is in use.`,
        hint: 'Choose another port, or none to get a free one.',
      }
    : {
        code: 'cannot-listen',
        message: `The lab's API server cannot listen on ${at}: ${error.message}`,
      }
}

function closeServer(server: Server, context: ApiContext): Promise<void> {
  context.cache.close()
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}

async function answer(
  context: ApiContext,
  message: IncomingMessage,
  response: ServerResponse,
  faults: FaultPlan | undefined,
): Promise<void> {
  const body = await readBody(message)
  if (!body) {
    sendAnswer(response, refuse({ reason: 'BadRequest', message: 'the body could not be read' }))
    return
  }
  const request = toRequest(message, body)
  const control = controlOf(context, faults, request)
  if (control) {
    sendAnswer(response, guardRequest(context, request, control))
    return
  }
  const handle = (one: ApiRequest) =>
    guardRequest(context, one, (known) => answerOrInternalError(context, known))
  const compact = () => {
    context.cache.compact()
  }
  await answerWithFaults({ request, response, handle, compact }, faults?.take(request) ?? [])
}

/** The lab's own paths, which no fault strikes. */
function controlOf(
  context: ApiContext,
  faults: FaultPlan | undefined,
  { path }: ApiRequest,
): ((request: ApiRequest) => Answer) | undefined {
  if (path === ACCESS_PATH) return (request) => answerAccessReport(context, request)
  return faults && path === FAULTS_PATH ? (request) => controlFaults(faults, request) : undefined
}

/** An object of a shape nobody thought of must not end the whole cluster. */
function answerOrInternalError(context: ApiContext, request: ApiRequest): Answer {
  try {
    return routeRequest(context, request)
  } catch (error) {
    return refuse({ reason: 'InternalError', message: `Internal error occurred: ${String(error)}` })
  }
}

/** Undefined when the client went away or sent more than an object may have. */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > MAX_BODY_BYTES) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

function toRequest(message: IncomingMessage, body: Buffer): ApiRequest {
  const url = new URL(message.url ?? '/', `http://${HOST}`)
  const contentType = message.headers['content-type'] ?? 'application/json'
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    accept: message.headers.accept ?? '',
    contentType: (contentType.split(';')[0] ?? '').trim().toLowerCase(),
    body,
    headers: message.headersDistinct,
  }
}
