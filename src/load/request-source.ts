import type { PreparedRequest } from './prepared-request.ts'

/** Where requests come from. */
export interface RequestSource {
  /**
   * Request `seq`; a thread asks for its share of numbers in rising order, each until it has got it. `not-yet`: the
   * file has not been read so far. `ended`: there are no more.
   */
  next(seq: number): PreparedRequest | 'not-yet' | 'ended'
  close(): void
}
