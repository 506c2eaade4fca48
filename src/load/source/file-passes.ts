import { ByteFeed } from './byte-feed.ts'

/** Reads a file again and again: from memory when it is small, else the next reading begins before this one ends. */
export class FilePasses {
  feed: ByteFeed
  /** How often the file has been read to its end. */
  done = 0
  readonly #path: string
  readonly #loops: number
  #next: ByteFeed | undefined

  /** `loops`: how often; Infinity for without end. */
  constructor(path: string, loops: number) {
    this.#path = path
    this.#loops = loops
    this.feed = new ByteFeed(path)
  }

  /** Opens the next reading when this one needs the disk no longer; to be called now and then. */
  readAhead(): void {
    const isLast = this.done + 1 >= this.#loops
    if (this.#next || isLast || !this.feed.hasArrived || this.feed.canRewind) return
    this.#next = new ByteFeed(this.#path)
  }

  /** Goes on to the next reading; false when there is none. */
  advance(): boolean {
    this.done++
    if (this.done >= this.#loops) return false
    if (this.feed.canRewind) this.feed.rewind()
    else {
      this.feed.close()
      this.feed = this.#next ?? new ByteFeed(this.#path)
      this.#next = undefined
    }
    return true
  }

  close(): void {
    this.feed.close()
    this.#next?.close()
  }
}
