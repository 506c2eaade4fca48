import type { AmmoFormat, AmmoSpec } from '../../scenario/scenario.ts'
import type { ThreadShare } from '../load-plan.ts'
import type { PreparedRequest } from '../prepared-request.ts'
import type { AmmoContext, AmmoReader } from './ammo-reader.ts'
import type { RequestSource } from '../request-source.ts'
import { FilePasses } from './file-passes.ts'
import { accessReader } from './read-access.ts'
import { jsonLinesReader } from './read-json-lines.ts'
import { phantomReader } from './read-phantom.ts'
import { uriReader } from './read-uri.ts'
import { uripostReader } from './read-uripost.ts'

/** The reader of each format. */
export const AMMO_READERS: Readonly<Record<AmmoFormat, (context: AmmoContext) => AmmoReader>> = {
  uri: uriReader,
  uripost: uripostReader,
  phantom: phantomReader,
  access: accessReader,
  jsonlines: jsonLinesReader,
}

/**
 * Requests from a file, in its order. Entries are numbered through all readings of the file; a thread takes those of
 * its share, so that the threads together send each once, and it leaves out and counts those that are no request.
 */
export class AmmoSource implements RequestSource {
  skipped = 0
  problem: string | undefined
  readonly #passes: FilePasses
  readonly #reader: AmmoReader
  readonly #share: ThreadShare
  readonly #limit: number
  #position = 0
  #passStart = 0
  #emptyPasses = 0
  #hasGiven = false
  #isEnded = false

  constructor(ammo: AmmoSpec, context: AmmoContext, share: ThreadShare) {
    this.#passes = new FilePasses(ammo.path, ammo.loops ?? Infinity)
    this.#reader = AMMO_READERS[ammo.format](context)
    this.#share = share
    this.#limit = ammo.limit ?? Infinity
  }

  next(): PreparedRequest | 'not-yet' | 'ended' {
    while (!this.#isEnded) {
      if (this.#position >= this.#limit) break
      this.#passes.readAhead()
      const isWanted = this.#position % this.#share.count === this.#share.index
      const read = this.#reader.read(this.#passes.feed, isWanted)
      if (read === 'not-yet') return read
      if (read === 'ended') this.#endPass()
      else if (read !== 'nothing') {
        this.#position++
        if (typeof read === 'string') continue
        if (!('why' in read)) {
          this.#emptyPasses = 0
          this.#hasGiven = true
          return read
        }
        if (isWanted) this.skipped++
      }
    }
    this.#end()
    return 'ended'
  }

  close(): void {
    this.#passes.close()
  }

  #endPass(): void {
    const { error } = this.#passes.feed
    if (error !== undefined) this.problem = `the file ends before its end: ${error}`
    const isEmpty = this.#position === this.#passStart
    this.#passStart = this.#position
    // A share may find nothing usable in one reading and something in the next, as its entries are others then; after
    // as many readings as there are threads they repeat.
    this.#emptyPasses++
    if (isEmpty || this.#emptyPasses > this.#share.count) {
      this.#isEnded = true
    } else if (this.#passes.advance()) this.#reader.restart()
    else this.#isEnded = true
  }

  #end(): void {
    this.#isEnded = true
    if (!this.#hasGiven && (this.#position === 0 || this.skipped > 0)) {
      this.problem ??= 'the file has no usable request'
    }
    this.close()
  }
}
