import type { AccessControl } from './access/access-control.ts'
import type { DistinctHeaders } from './access/authenticate.ts'
import type { User } from './access/user.ts'
import type { ContainerLogs } from './container-logs.ts'
import type { WatchFault } from './faults/strike-watch.ts'
import type { Store } from './store.ts'
import type { WatchCache } from './watch-cache.ts'

/** What the handlers work on. */
export interface ApiContext {
  readonly store: Store
  readonly cache: WatchCache
  readonly logs: ContainerLogs
  readonly access: AccessControl
}

/** A request with its body read. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly accept: string
  /** Without parameters; `application/json` when the client sent none. */
  readonly contentType: string
  readonly body: Buffer
  readonly headers: DistinctHeaders
  /** Who sends it; known once it is let in. */
  readonly user?: User
  /** What is to go wrong with the watch that this request opens. */
  readonly watchFault?: WatchFault
}

export const isTrue = (query: URLSearchParams, name: string): boolean => {
  const value = query.get(name)
  return value === '' || value === 'true' || value === '1'
}

/** Whole seconds in a query; undefined when absent or not a number. */
export function secondsIn(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  return value !== null && /^-?\d+$/.test(value) ? Number(value) : undefined
}
