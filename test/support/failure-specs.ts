import type { RecordingSpec } from './build-recording.ts'

/** A failure that a test names; instants in µs, everything else plain. */
export type FailureSpec = NonNullable<RecordingSpec['failures']>[number]

/** Seconds as the recording's µs. */
export const at = (seconds: number): number => Math.round(seconds * 1_000_000)

/** A connection cut before an answer; instants in seconds. */
export const cut = (sent: number, ended: number, more: Partial<FailureSpec> = {}): FailureSpec => ({
  outcome: 'reset-before-response',
  sentAtUs: at(sent),
  endedAtUs: at(ended),
  ...more,
})

/** A connection refused; instant in seconds. */
export const refused = (sent: number): FailureSpec => ({ outcome: 'refused', sentAtUs: at(sent) })

/** An answer with a status that is not ok; instant in seconds. */
export const status = (
  sent: number,
  code: number,
  more: Partial<FailureSpec> = {},
): FailureSpec => ({
  outcome: 'bad-status',
  status: code,
  sentAtUs: at(sent),
  ...more,
})

/** No answer within 2 s; instant in seconds. */
export const late = (sent: number, more: Partial<FailureSpec> = {}): FailureSpec => ({
  outcome: 'response-timeout',
  sentAtUs: at(sent),
  endedAtUs: at(sent + 2),
  ...more,
})

/** On a connection on which this pod had answered before. */
export const onPod = (pod: string): Partial<FailureSpec> => ({
  connection: 'reused',
  servedBefore: 3,
  answeredBefore: pod,
})
