import type { RequestSource } from '../request-source.ts'

/** A source that says what it has left out. */
export interface CountingRequestSource extends RequestSource {
  /** Entries of this thread's share that were no request. */
  readonly skipped: number
  /** What is wrong with the file as a whole; absent: nothing that has been seen. */
  readonly problem: string | undefined
}
