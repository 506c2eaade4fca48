const CR = 13
const LF = 10
const MAX_LINE_LENGTH = 4_096

/** The chunked transfer coding (RFC 9112, 7.1), byte by byte outside the data. */
export class ChunkReader {
  isComplete = false
  /** Why the bytes are not chunks. */
  error: string | undefined
  #state: 'size' | 'data' | 'data-end' | 'trailer' = 'size'
  #line = ''
  #left = 0

  /** Gets ready for the next body. */
  start(): void {
    this.isComplete = false
    this.error = undefined
    this.#state = 'size'
    this.#line = ''
  }

  /**
   * Takes the bytes from an index on and before `end`; gives the index after the last one that belongs to the body.
   * `onData` gets the ranges that are data.
   */
  feed(
    bytes: Uint8Array,
    from: number,
    end: number,
    onData?: (bytes: Uint8Array, from: number, to: number) => void,
  ): number {
    let at = from
    while (at < end && !this.isComplete && this.error === undefined) {
      if (this.#state === 'data') {
        const taken = Math.min(this.#left, end - at)
        onData?.(bytes, at, at + taken)
        this.#left -= taken
        at += taken
        if (this.#left === 0) this.#state = 'data-end'
      } else this.#feedByte(bytes[at++] ?? 0)
    }
    return at
  }

  #feedByte(byte: number): void {
    if (byte === LF && this.#line.endsWith('\r')) this.#endLine()
    else if (this.#state === 'data-end' && (byte !== CR || this.#line !== '')) {
      this.error = 'bad chunk end'
    } else if (byte === LF) this.error = 'bad chunk line'
    else if (this.#line.length >= MAX_LINE_LENGTH) this.error = 'chunk line too long'
    else this.#line += String.fromCharCode(byte)
  }

  #endLine(): void {
    const line = this.#line.slice(0, -1)
    this.#line = ''
    if (this.#state === 'data-end') this.#state = 'size'
    else if (this.#state === 'trailer') this.isComplete = line === ''
    else this.#startChunk(line)
  }

  #startChunk(line: string): void {
    const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;|$)/.exec(line)?.[1]
    if (size === undefined) {
      this.error = 'bad chunk size'
      return
    }
    this.#left = parseInt(size, 16)
    this.#state = this.#left === 0 ? 'trailer' : 'data'
  }
}
