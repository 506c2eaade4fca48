/** What is sent, how often, and which answers are ok. */
export interface LoadSpec {
  /** Requests per second, open loop; empty when `users` is there. */
  readonly schedule: readonly SchedulePart[]
  /** The load ends when the last step has, and the schedule is only its longest; absent: the schedule says. */
  readonly endsWithSteps?: true
  /** How many users at a time, closed loop: each sends its next request when the last one has ended. */
  readonly users?: readonly UsersPart[]
  /** `both`: every other request (of users: every other user) opens connections of its own. */
  readonly connections: 'reuse' | 'new' | 'both'
  /** A connection is closed after so many answers; absent: never for that. */
  readonly maxRequestsPerConnection?: number
  /** A connection gets no new request when it is older; absent: whatever its age. */
  readonly maxConnectionAgeUs?: number
  /** From the sending of a request to the last byte of its answer. */
  readonly timeoutUs: number
  /** At most so many connections at once; a request that would need one more waits. */
  readonly maxConnections: number
  /** A longer answer is a failure of class `protocol`; absent: {@link DEFAULT_MAX_RESPONSE_BYTES}. */
  readonly maxResponseBytes?: number
  /** The response header in which the answering pod names itself, in lower case. */
  readonly identityHeader: string
  /** In every request that does not have them itself. */
  readonly headers?: Readonly<Record<string, string>>
  /** Empty when `ammo` is there. */
  readonly requests: readonly RequestSpec[]
  readonly ammo?: AmmoSpec
  /** A CSV file, absolute; `{{csv.NAME}}` in a request is its column. */
  readonly csvPath?: string
  /** Absent: as many as the rate needs, at most one a core. */
  readonly threads?: number
  /** `spin`: a whole core for closer sending; absent: `timer`. */
  readonly pace?: 'timer' | 'spin'
  /** Absent: `raw` for HTTP/1.1, `undici` for HTTP/2. */
  readonly engine?: 'raw' | 'undici'
  /** Absent: `1.1`. */
  readonly http?: '1.1' | '2'
  /** How TLS is spoken when the address is https; absent: verified against the system's authorities. */
  readonly tls?: TlsSpec
}

export const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1_048_576

/** Tank's words; `step` is written out as `const` parts. Rates are requests per second. */
export type SchedulePart =
  | { readonly word: 'const'; readonly ratePerSecond: number; readonly durationUs: number }
  | {
      readonly word: 'line'
      readonly fromPerSecond: number
      readonly toPerSecond: number
      readonly durationUs: number
    }
  /** So many requests at one instant. */
  | { readonly word: 'once'; readonly requests: number; readonly durationUs: 0 }

/** The number of users goes from one value to another, evenly. */
export interface UsersPart {
  readonly fromUsers: number
  readonly toUsers: number
  readonly durationUs: number
}

export interface RequestSpec extends ResponseExpectation {
  readonly method: string
  /** Path and query, as it goes on the wire; may hold `{{seq}}`, `{{uuid}}`, `{{random}}`, `{{csv.NAME}}`. */
  readonly path: string
  /** Values may hold the same variables. */
  readonly headers: Readonly<Record<string, string>>
  /** May hold the same variables. */
  readonly body?: string
  readonly tag?: string
  /** How often it is sent, relative to the others; a whole number. */
  readonly weight: number
}

/** Which answers are ok. */
export interface ResponseExpectation {
  /** Empty: 200 to 399 are ok. */
  readonly okStatuses: readonly number[]
  /** Names in lower case, and what each value must contain; another answer is `bad-header`. */
  readonly okHeaders?: Readonly<Record<string, string>>
  /** Another answer is `bad-body`. */
  readonly okBody?: BodyExpectation
}

export interface BodyExpectation {
  /** Each must be in the body. */
  readonly contains: readonly string[]
  /** None may be in the body. */
  readonly not: readonly string[]
  /** Values that a JSON body must have. */
  readonly json: readonly JsonExpectation[]
}

export interface JsonExpectation {
  /** `data.items[0].id` as its steps. */
  readonly path: readonly (string | number)[]
  readonly value: string | number | boolean | null
}

/** Requests from a file, streamed. */
export interface AmmoSpec {
  /** Absolute; may end in `.gz`. */
  readonly path: string
  readonly format: AmmoFormat
  /** How often the file is read; absent: again and again. */
  readonly loops?: number
  /** At most so many requests; absent: no limit. */
  readonly limit?: number
  /** Of every request; absent: 200 to 399 are ok. */
  readonly expected?: ResponseExpectation
}

/** Tank's formats, and JSON lines as vegeta's targets. */
export const AMMO_FORMATS = ['uri', 'uripost', 'phantom', 'access', 'jsonlines'] as const

export type AmmoFormat = (typeof AMMO_FORMATS)[number]

export interface TlsSpec {
  /** The certificate is not verified. */
  readonly insecure?: boolean
  /** PEM files, absolute. */
  readonly caPath?: string
  readonly certPath?: string
  readonly keyPath?: string
  /** For SNI and verification; absent: the host of the URL. */
  readonly serverName?: string
}
