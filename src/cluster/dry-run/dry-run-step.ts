import type { ApiCall } from '../api-client.ts'

/** What the API server, or we ourselves, would say to a step of a run. */
export interface DryRunStep {
  readonly change: DryRunPart
  readonly wayBack: DryRunPart
  /** What would be other than before. */
  readonly fields: readonly FieldChange[]
}

/** Calls of one kind, and how they were answered as dry runs. */
export interface DryRunPart {
  readonly verdict: DryRunVerdict
  readonly calls: readonly SentCall[]
  /** Why it is refused or cannot be known, or what an acceptance does not tell. */
  readonly text?: string
  /** Of the problem; only of what is refused. */
  readonly code?: string
}

/**
 * `accepted` and `refused` by the API server; `impossible`: we would not even send it; `not-now`: a budget refuses it,
 * and the run would ask again; `unknown`: cannot be dry-run; `none`: nothing is sent.
 */
export type DryRunVerdict = 'accepted' | 'refused' | 'impossible' | 'not-now' | 'unknown' | 'none'

export type SentCall = Pick<ApiCall, 'method' | 'path' | 'contentType' | 'body'>

/** A field of an object, as it is and as it would be; absent where it is not there. */
export interface FieldChange {
  /** `deployment/web`. */
  readonly object: string
  /** RFC 6901. */
  readonly path: string
  readonly from?: unknown
  readonly to?: unknown
}

/** Nothing is sent. */
export const noPart = (text?: string): DryRunPart => ({
  verdict: 'none',
  calls: [],
  ...(text !== undefined && { text }),
})
