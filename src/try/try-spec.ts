/** What `podtank try` is asked to try: a server of the user's own and how it is reached. */
export interface TrySpec {
  /** The program and its parameters; the first process of the container. */
  readonly command: readonly string[]
  /** Absolute. */
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string>>
  /** Absent: SIGTERM. */
  readonly stopSignal?: string
  readonly port: number
  /** Answers 200 to 399 when the server is well. */
  readonly path: string
  /** Looked at when `path` has no page and none was named. */
  readonly otherPaths?: readonly string[]
  /** For the readiness probe; absent: `path`. */
  readonly readyPath?: string
  /** Takes long enough to answer that a request is in flight when the signal comes. */
  readonly slowPath?: string
  readonly graceSeconds: number
}

/** In the environment of every process of a tried pod, so that /proc tells which are its own. */
export const TRY_MARKER = 'PODTANK_TRY'
