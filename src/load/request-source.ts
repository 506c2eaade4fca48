import type { PreparedRequest } from './prepared-request.ts'

/** Where requests come from. */
export interface RequestSource {
  /** Entries of this thread's share that were no request, and were left out. */
  readonly skipped: number
  /** What is wrong with the file as a whole; undefined: nothing that has been seen. */
  readonly problem: string | undefined
  /**
   * Request `seq`; a thread asks for its share of numbers in rising order, each until it has got it. `not-yet`: the
   * file has not been read so far. `ended`: there are no more.
   */
  next(seq: number): PreparedRequest | 'not-yet' | 'ended'
  close(): void
}
