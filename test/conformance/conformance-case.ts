/** One request of a case. `{ns}` is the namespace of the run; `<2.metadata.uid>` is taken from the answer to step 2. */
export interface Step {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** `application/json` when there is a body and nothing is said; empty: no header is sent. */
  readonly contentType?: string
  readonly accept?: string
  /** Sent as Impersonate-User. */
  readonly as?: string
  /** Asks again, for ten seconds at most, until this holds: controllers need their time. */
  readonly until?: { readonly code?: number; readonly at?: string; readonly is?: unknown }
  /** Reads the answer as a watch, up to so many events. */
  readonly events?: number
  /** Not compared: it only prepares the next step. */
  readonly prepares?: true
}

/** Requests that belong together and are sent one after the other. */
export interface ConformanceCase {
  /** Unique; the key of the recorded answers. */
  readonly title: string
  readonly steps: readonly Step[]
}

/** What came back, without what differs from run to run. */
export interface CaseAnswer {
  readonly code: number
  readonly body: unknown
  /** The Warning headers, when there are any. */
  readonly warning?: string
}
