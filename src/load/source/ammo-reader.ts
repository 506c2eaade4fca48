import type { ResponseExpectation } from '../../scenario/scenario.ts'
import type { PreparedRequest, ResponseCheck } from '../prepared-request.ts'
import type { ByteFeed } from './byte-feed.ts'

/** Reads the entries of one ammo format, one after another. */
export interface AmmoReader {
  /**
   * Takes the next entry. One that is not wanted is only found the end of. `nothing`: a line that is no entry;
   * `not-yet`: nothing was taken, as the rest has not been read so far.
   */
  read(feed: ByteFeed, isWanted: boolean): PreparedRequest | Unusable | NoEntry
  /** Forgets what an earlier reading of the file has left, such as headers. */
  restart(): void
}

export type NoEntry = 'unwanted' | 'nothing' | 'not-yet' | 'ended'

/** An entry that is left out. */
export interface Unusable {
  readonly why: string
  /** It is in the nature of the format, as POST lines of an access log are. */
  readonly isNormal?: boolean
}

/** What a reader says of a line that is longer than any entry may be. */
export const TOO_LONG: Unusable = { why: 'the line is too long' }

/** What every request of an ammo file has. */
export interface AmmoContext {
  readonly hostHeader: string
  readonly headers: Readonly<Record<string, string>>
  readonly expected: ResponseExpectation
  readonly check: ResponseCheck | undefined
  /** Gives the tag to use for one that the file has. */
  readonly tagOf: (text: string | undefined) => string | undefined
}

const MAX_TAG_LENGTH = 60
const MAX_TAGS = 1_000

/**
 * Keeps the number of tags bounded, because every frame counts by tag: those that come after the first 1,000 are
 * `other`.
 */
export function boundedTags(): AmmoContext['tagOf'] {
  const known = new Map<string, string>()
  return (text) => {
    if (text === undefined || text === '') return undefined
    const tag = text.slice(0, MAX_TAG_LENGTH)
    const seen = known.get(tag)
    if (seen !== undefined || known.size >= MAX_TAGS) return seen ?? 'other'
    // A copy of its own: a slice would keep the whole line in memory.
    const own = Buffer.from(tag, 'latin1').toString('utf8')
    known.set(tag, own)
    return own
  }
}
