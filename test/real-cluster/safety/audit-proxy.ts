import { createServer, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type ApiCall, apiCallOf } from '../../../src/lab/api/api-call.ts'
import { administrator } from './safe-namespace.ts'

/** A call as the API server's own audit log would have it. */
export interface AuditedCall {
  readonly method: string
  readonly path: string
  readonly isDryRun: boolean
  /** Absent: about no object. */
  readonly object?: ApiCall
  /** Absent until it was answered. */
  status?: number
}

/** Stands before the real API server; each caller's own credentials pass on. */
export interface AuditProxy {
  readonly url: string
  readonly calls: AuditedCall[]
  /** Told of each call before it goes on; a number is answered instead of it. */
  before: (call: AuditedCall) => Promise<number | undefined>
  close(): Promise<void>
}

export async function startAuditProxy(): Promise<AuditProxy> {
  const { url, options } = administrator()
  // The administrator's certificate would outrank the caller's token.
  const { ca } = options as { ca?: Buffer }
  const calls: AuditedCall[] = []
  const state = { before: (): Promise<number | undefined> => Promise.resolve(undefined) }
  const proxy = state as Pick<AuditProxy, 'before'>
  const server = createServer((message, response) => {
    void (async () => {
      const body = await bodyOf(message)
      const call = callOf(message, body)
      calls.push(call)
      const instead = await proxy.before(call)
      if (instead !== undefined) {
        call.status = instead
        response.writeHead(instead, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ kind: 'Status', code: instead, reason: 'Unauthorized' }))
        return
      }
      const headers = Object.fromEntries(
        Object.entries(message.headers).filter(
          ([name]) => name !== 'host' && name !== 'connection',
        ),
      )
      const sent = { ca, method: call.method, headers }
      const forwarded = httpsRequest(new URL(message.url ?? '/', url), sent, (answer) => {
        call.status = answer.statusCode ?? 0
        response.writeHead(call.status, answer.headers)
        // The status of a watch is wanted now, not with its first event.
        response.flushHeaders()
        answer.pipe(response)
      })
      forwarded.on('error', () => message.socket.destroy())
      response.on('close', () => forwarded.destroy())
      forwarded.end(body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(state, {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of message) pieces.push(piece as Buffer)
  } catch {
    // A caller that was killed; what came counts.
  }
  return Buffer.concat(pieces)
}

function callOf({ method = '', url = '/' }: IncomingMessage, body: Buffer): AuditedCall {
  const { pathname: path, searchParams: query } = new URL(url, 'http://any')
  const headers = { authorization: undefined }
  const object = apiCallOf({ method, path, query, body, headers } as never)
  return { method, path, isDryRun: query.has('dryRun'), ...(object && { object }) }
}
