import { closeSync, openSync, writeSync } from 'node:fs'
import { monotonicUs } from '../base/clock.ts'

/** What really happened, for tests only; instants are {@link monotonicUs}. */
export type TruthEntry = PodTruth | RulesTruth | CutTruth | AnswerTruth

export interface PodTruth {
  readonly type: 'pod'
  readonly pod: string
  readonly container?: string
  readonly what:
    | 'started'
    | 'ready'
    | 'unready'
    | 'delete-requested'
    | 'killing'
    | 'prestop-started'
    | 'prestop-ended'
    | 'signalled'
    | 'sigkilled'
    | 'exited'
    | 'gone'
  readonly signal?: string
  readonly exitCode?: number
}

/** The pods that new connections or requests can reach from now on; for `slice`: its ready pods. */
export interface RulesTruth {
  readonly type: 'rules'
  readonly where: 'service' | 'ingress' | 'slice'
  readonly name: string
  readonly pods: readonly string[]
}

/** A client's connection that ended from the pod's side, or that its client gave up while it waited for an answer. */
export interface CutTruth {
  readonly type: 'cut'
  readonly where: 'service'
  readonly clientPort: number
  /** Empty when there was no pod to connect to. */
  readonly pod: string
  /** `unanswered`: nobody was at the pod's address, or did not take the connection. */
  readonly how: 'refused' | 'reset' | 'fin' | 'no-endpoints' | 'unanswered' | 'client-left'
  /**
   * The client was waiting for an answer or in the middle of one. Undefined: an answer had begun, and the kernel, which
   * sees packets only, cannot know whether it was whole.
   */
  readonly requestOpen: boolean | undefined
  /** The kernel does not tell it. */
  readonly openedAtUs?: number
}

/** An answer that the ingress made itself, an error that a pod made, a body that was cut (status 0), a client that left (499). */
export interface AnswerTruth {
  readonly type: 'answer'
  readonly where: 'ingress'
  readonly clientPort: number
  readonly status: number
  readonly tries: readonly UpstreamTry[]
  /** Why the ingress answered itself: what the last try came to, or the ingress' own reason. */
  readonly fault?: string
  /** The pod that made this answer. */
  readonly answeredBy?: string
}

/** One try at a pod that failed. */
export interface UpstreamTry {
  readonly pod: string
  readonly how:
    'refused' | 'unreachable' | 'connect-timeout' | 'closed' | 'reset' | 'timeout' | 'cut-body'
  /** The connection had served a request before. */
  readonly reused: boolean
}

export interface GroundTruth {
  /** Somebody wants to know it; what costs something need not be found out otherwise. */
  readonly isKept: boolean
  /** Writes one line, at `atUs` or now. */
  record(entry: TruthEntry, atUs?: number): void
  close(): void
}

/**
 * Writes NDJSON to `path`, each line at once so that a killed lab loses none; without a path it writes nothing. A disk
 * that refuses ends the truth, never the lab.
 */
export function openGroundTruth(path: string | undefined): GroundTruth {
  if (path === undefined) {
    return { isKept: false, record: () => undefined, close: () => undefined }
  }
  const file = openSync(path, 'a')
  let isRefused = false
  return {
    isKept: true,
    record: (entry, atUs = monotonicUs()) => {
      if (isRefused) return
      try {
        writeSync(file, `${JSON.stringify({ ...entry, atUs })}\n`)
      } catch {
        isRefused = true
      }
    },
    close: () => {
      closeSync(file)
    },
  }
}
