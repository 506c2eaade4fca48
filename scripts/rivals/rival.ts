/** How a tool is asked for about {@link REQUESTS} requests. */
export interface Order {
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** Without: a connection for each request. */
  readonly keepAlive: boolean
  /** A folder for files that the tool wants. */
  readonly folder: string
}

/** What a tool says at its end. */
export interface Claim {
  /** All requests that it counts, however they ended. */
  readonly requests: number
  /** Those of them that it counts as failed: no answer, a broken one, or a status of 400 and above. */
  readonly failed: number
}

/** How a tool's process ended. */
export interface Ended {
  readonly stdout: string
  readonly stderr: string
  /** Absent: it had to be killed. */
  readonly exitCode?: number
}

export interface Rival {
  readonly name: string
  /** The version that is installed, in the tool's own words, or what is missing. */
  version(): string
  /** Program and arguments. */
  command(order: Order): readonly string[]
  /** Undefined: it gave no figures. */
  read(ended: Ended): Claim | undefined
}

export const REQUESTS = 1_000
export const CONNECTIONS = 10
export const TIMEOUT_SECONDS = 1
export const POST_BODY = '{"sum":1}'

/** The number that a pattern's first group holds in a text, or 0. */
export const numberIn = (text: string, pattern: RegExp): number =>
  Number(pattern.exec(text)?.[1] ?? 0)
