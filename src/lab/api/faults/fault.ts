import type { ApiVerb } from '../api-call.ts'

/** What is done to a call instead of answering it well. */
export type Fault =
  /** An HTTP error with a Status; `applied`: the call took effect all the same. */
  | {
      readonly kind: 'status'
      /** 400 to 599. */
      readonly status: number
      readonly retryAfterSeconds?: number
      readonly applied?: boolean
    }
  /** A late answer; `applied`: the call takes effect at once, else after the delay too. */
  | { readonly kind: 'delay'; readonly delayMs: number; readonly applied?: boolean }
  /** The connection is reset; `applied`: after the call took effect; `events`: a watch is cut after so many events, which arrive. */
  | { readonly kind: 'drop'; readonly applied?: boolean; readonly events?: number }
  /** No answer and no end: a half-open connection; for a watch with `events` after so many. */
  | { readonly kind: 'hang'; readonly applied?: boolean; readonly events?: number }
  /** Bytes that are no answer: `malformed` is not JSON (a watch goes on after that line), `truncated` ends in the middle, `endless` never breaks the line. */
  | {
      readonly kind: 'garbage'
      readonly form: 'malformed' | 'truncated' | 'endless'
      readonly events?: number
    }
  /** Everything before this moment is forgotten, for all clients, and this call is told by 410: `http` as an HTTP status (list, watch), `event` as an ERROR event (watch), `continue` (a list with a continue token). */
  | {
      readonly kind: 'compaction'
      readonly shape: 'http' | 'event' | 'continue'
      readonly events?: number
    }
  /** A write that takes effect `lateMs` later; the client sees at once a reset connection (`drop`) or 504 (`timeout`), or nothing (`hang`). */
  | {
      readonly kind: 'late'
      readonly lateMs: number
      readonly seen: 'drop' | 'timeout' | 'hang'
    }

/** Which calls a rule is about; what is absent matches all. */
export interface FaultTarget {
  readonly verbs?: readonly ApiVerb[]
  /** As in a Role: `pods`, `pods/eviction`, `deployments/scale`. */
  readonly resource?: string
  readonly namespace?: string
  readonly name?: string
}

/** Strikes the calls `from` … `from + count - 1` of those that match, counted from 1. */
export interface FaultRule {
  readonly on: FaultTarget
  readonly fault: Fault
  /** Default 1. */
  readonly from?: number
  /** Default 1. */
  readonly count?: number | 'all'
  /** Of being struck, 0 to 1, drawn from the seed for each call within the range; default 1. */
  readonly chance?: number
}

/** One fault that struck; instants are `monotonicUs` of src/base/clock.ts. */
export interface InjectedFault {
  /** Place in the list of rules, from 0. */
  readonly rule: number
  /** Which call among those that match the rule, from 1. */
  readonly call: number
  readonly kind: Fault['kind']
  readonly verb: ApiVerb
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
  /** When the call was there. */
  readonly atUs: number
  /** The call took effect at this moment, whatever the client saw; `code` is what it would have been answered. */
  appliedAtUs?: number
  code?: number
  /** A watch was struck at this moment, after the events that the rule allows. */
  struckAtUs?: number
}
