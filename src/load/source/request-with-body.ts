import type { RequestSpec } from '../../scenario/scenario.ts'
import { type PreparedRequest, prepareRequest, WholeRequest } from '../prepared-request.ts'
import type { AmmoContext } from './ammo-reader.ts'

/** What an ammo entry says of a request; header values are bytes as Latin-1. */
export interface AmmoRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly tag: string | undefined
  readonly body: Buffer
}

/** Builds the request of an ammo entry; its body goes out byte for byte. */
export function requestWithBody(request: AmmoRequest, context: AmmoContext): PreparedRequest {
  const { method, path, headers, body } = request
  const tag = context.tagOf(request.tag)
  const spec: RequestSpec = {
    method,
    path,
    headers,
    weight: 1,
    ...context.expected,
    ...(tag !== undefined && { tag }),
  }
  const bare = prepareRequest(spec, context.hostHeader, context.headers, context.check)
  if (body.length === 0) return bare
  return new WholeRequest(spec, withLength(bare.headers, body.length), body, context.check)
}

/** The headers with this length of the body instead of the one that they have. */
export const withLength = (
  headers: PreparedRequest['headers'],
  bytes: number,
): PreparedRequest['headers'] => [
  ...headers.filter(([name]) => name !== 'Content-Length'),
  ['Content-Length', String(bytes)],
]
