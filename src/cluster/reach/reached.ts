import type { Problem } from '../../base/problem.ts'
import { fail, type Result } from '../../base/result.ts'

/** Where requests are to go so that they reach the workload, as its Service, Ingress or Gateway says; not looked up yet. */
export interface Reached {
  /** An IP address or a name. */
  readonly host: string
  readonly port: number
  /** Absent: the address itself. */
  readonly hostHeader?: string
  /** TLS is spoken, with this name in SNI. */
  readonly serverName?: string
  /** Names of the Services whose EndpointSlices decide. */
  readonly services: readonly string[]
  /** What may be wrong with this way. */
  readonly warnings?: readonly string[]
  /** What to do when nothing answers there. */
  readonly whenUnreachable: string
}

/** Services that lead to the workload's pods; undefined: that is not known. */
export type OwnServices = ReadonlySet<string> | undefined

const USE_URL = 'give the address yourself: through: http://…'

/** There is no way, and why; what to do about it. */
export const noWay = (message: string, hint: string = USE_URL): Result<never, Problem> =>
  fail({ code: 'no-address', message, hint })

/** A name that a wildcard stands for: requests need one that is whole. */
export const concreteHost = (host: string): string => host.replace(/^\*(?=\.)/, 'podtank')
