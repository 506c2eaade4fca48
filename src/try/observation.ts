/** What was seen of one pod from its deletion on; times are ms after the stop signal. */
export interface Observation {
  /** Each process that ran at the signal, parents first. */
  readonly processes: readonly SeenProcess[]
  readonly exitCode?: number
  /** When the first process had ended; absent: not within the grace and what follows it. */
  readonly exitMs?: number
  readonly idle: IdleSeen
  readonly newConnections: NewConnectionsSeen
  readonly inFlight: InFlightSeen
}

export interface SeenProcess {
  readonly containerPid: number
  readonly parentContainerPid: number
  readonly command: string
  /** Listens at the tried port: the server itself. */
  readonly listens: boolean
  /** Has a handler for the stop signal, as far as /proc tells. */
  readonly catches: boolean
  /** When it was seen to have ended. */
  readonly endedMs?: number
}

/** Connections that had been answered and were then left alone. */
export interface IdleSeen {
  readonly opened: number
  /** The server keeps connections open after an answer. */
  readonly keepsAlive: boolean
  /** When the server ended the first of them, and how. */
  readonly endedMs?: number
  readonly how?: 'closed' | 'reset'
  /** A request on one of them a little after the signal; `turned away`: the answer was a status of 400 or more. */
  readonly lateRequest?: 'answered' | 'answered with close' | 'turned away' | 'cut' | 'not possible'
}

export interface NewConnectionsSeen {
  readonly tried: number
  /** With a status below 400. */
  readonly answered: number
  /** The last one that was answered. */
  readonly lastAnsweredMs?: number
  /** The first one that was not. */
  readonly firstFailedMs?: number
  /** In words that follow `connections are`: refused, reset, answered with 503 and so on. */
  readonly firstFailure?: string
}

/** Requests that were open when the signal came. */
export interface InFlightSeen {
  /** What kept them open: a slow page, an upload held back, a request half sent; `nothing`: none could be. */
  readonly by: 'slow page' | 'upload' | 'half a request' | 'nothing'
  readonly open: number
  readonly finished: number
  /** When the last one that was finished was. */
  readonly lastFinishedMs?: number
}

/** From when on a new connection fails, at the latest when the first process has ended; undefined: not seen. */
export function failedFromMs({
  newConnections: { firstFailedMs },
  exitMs,
}: Pick<Observation, 'newConnections' | 'exitMs'>): number | undefined {
  if (firstFailedMs === undefined || exitMs === undefined) return firstFailedMs ?? exitMs
  return Math.min(firstFailedMs, exitMs)
}
