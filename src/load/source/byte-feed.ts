import type { Readable } from 'node:stream'
import { openUnpacked } from './open-unpacked.ts'

/** What there is instead of bytes: not read so far, all has been read, or more than is ever kept. */
export type NoBytes = 'not-yet' | 'ended' | 'too-long'

/** No line and no body of an ammo file may be longer. */
const MAX_ENTRY_BYTES = 16 * 1_048_576

/** So much is read ahead; a file that is not longer stays in memory. */
const READ_AHEAD_BYTES = 1_048_576

const LF = 10
const CR = 13

/**
 * One reading of a file, unzipped if its first bytes say that it is gzip: bytes arrive in the background, bounded
 * ahead of their use, and are taken synchronously. What is given out is a view that holds only until the caller
 * returns to the event loop.
 */
export class ByteFeed {
  /** Why the file ended before its end: `ENOENT`, `Z_BUF_ERROR`. */
  error: string | undefined
  /** Lines taken so far; those within {@link bytes} only when asked for. */
  linesTaken = 0

  readonly #countsLines: boolean
  readonly #streams: readonly Readable[]
  readonly #source: Readable | undefined
  #buffer = Buffer.allocUnsafe(128 * 1_024)
  #start = 0
  #end = 0
  #totalBytes = 0
  #neededBytes = 0
  #scannedTo = 0
  #linesAtMark = 0
  #isSkippingLine = false
  #hasArrived = false

  constructor(path: string, countsLines = false) {
    this.#countsLines = countsLines
    this.#streams = this.#open(path)
    this.#source = this.#streams.at(-1)
    this.#source?.on('data', (chunk: Buffer) => this.#take(chunk))
  }

  /** Whether nothing more will come than what is here. */
  get hasArrived(): boolean {
    return this.#hasArrived
  }

  /** Whether the whole file is here and can be read again. */
  get canRewind(): boolean {
    return this.#hasArrived && this.error === undefined && this.#totalBytes <= READ_AHEAD_BYTES
  }

  /** Begins again; only when {@link canRewind}. */
  rewind(): void {
    this.#start = 0
    this.#scannedTo = 0
    this.linesTaken = 0
  }

  /** Where the next byte is; for {@link back}, as long as the caller has not returned to the event loop. */
  mark(): number {
    this.#linesAtMark = this.linesTaken
    return this.#start
  }

  back(mark: number): void {
    this.#start = mark
    this.#scannedTo = mark
    this.linesTaken = this.#linesAtMark
  }

  /** The next line without its end. A line that is too long is left out, and said once. */
  line(): Buffer | NoBytes {
    const at = this.#buffer.indexOf(LF, Math.max(this.#start, this.#scannedTo))
    if (at < 0 || at >= this.#end) return this.#unfinishedLine()
    const from = this.#start
    this.#start = at + 1
    this.#neededBytes = 0
    this.#scannedTo = this.#start
    this.linesTaken++
    this.#wantMore()
    if (this.#isSkippingLine || at - from > MAX_ENTRY_BYTES) {
      this.#isSkippingLine = false
      return 'too-long'
    }
    return this.#buffer.subarray(from, this.#buffer[at - 1] === CR && at > from ? at - 1 : at)
  }

  /** The next `count` bytes; `ended` when the file has fewer, which are gone then. */
  bytes(count: number): Buffer | NoBytes {
    if (count > MAX_ENTRY_BYTES) return 'too-long'
    if (this.#end - this.#start < count) {
      if (this.#hasArrived) this.#start = this.#end
      this.#neededBytes = count
      this.#wantMore()
      return this.#hasArrived ? 'ended' : 'not-yet'
    }
    const bytes = this.#buffer.subarray(this.#start, this.#start + count)
    this.#start += count
    this.#neededBytes = 0
    if (this.#countsLines) for (const byte of bytes) if (byte === LF) this.linesTaken++
    this.#wantMore()
    return bytes
  }

  /** Leaves out what is left of the file. */
  finish(): void {
    if (!this.#hasArrived) this.close()
    this.#start = this.#end
  }

  close(): void {
    this.#hasArrived = true
    for (const stream of this.#streams) stream.destroy()
  }

  #open(path: string): readonly Readable[] {
    try {
      const streams = openUnpacked(path)
      for (const stream of streams) stream.on('error', (error) => this.#arrived(error))
      streams.at(-1)?.on('end', () => this.#arrived())
      return streams
    } catch (error) {
      this.#arrived(error as Error)
      return []
    }
  }

  #arrived(error?: NodeJS.ErrnoException | null): void {
    if (error && !this.#hasArrived) this.error = error.code ?? error.message
    this.#hasArrived = true
  }

  #take(chunk: Buffer): void {
    if (this.#hasArrived) return
    this.#totalBytes += chunk.length
    if (this.#end + chunk.length > this.#buffer.length) this.#makeRoom(chunk.length)
    chunk.copy(this.#buffer, this.#end)
    this.#end += chunk.length
    if (this.#isSkippingLine) this.#skipLine()
    if (this.#end - this.#start >= Math.max(READ_AHEAD_BYTES, this.#neededBytes)) {
      this.#source?.pause()
    }
  }

  /** Moves what is unread to the front, unless all that there ever was may still be wanted again. */
  #makeRoom(bytes: number): void {
    const keptFrom = this.#totalBytes <= READ_AHEAD_BYTES ? 0 : this.#start
    const kept = this.#end - keptFrom
    const isRoomy = kept + bytes <= this.#buffer.length / 2
    const target = isRoomy ? this.#buffer : Buffer.allocUnsafe(2 * (kept + bytes))
    this.#buffer.copy(target, 0, keptFrom, this.#end)
    this.#buffer = target
    this.#start -= keptFrom
    this.#scannedTo = Math.max(0, this.#scannedTo - keptFrom)
    this.#end = kept
  }

  #wantMore(): void {
    if (this.#end - this.#start >= Math.max(READ_AHEAD_BYTES / 2, this.#neededBytes)) return
    if (this.#source?.isPaused() === true) this.#source.resume()
  }

  #unfinishedLine(): Buffer | NoBytes {
    const from = this.#start
    if (this.#hasArrived) {
      this.#start = this.#end
      if (this.#isSkippingLine) {
        this.#isSkippingLine = false
        return 'too-long'
      }
      if (from === this.#end) return 'ended'
      this.linesTaken++
      return this.#buffer.subarray(from, this.#end)
    }
    this.#scannedTo = this.#end
    if (this.#end - from > MAX_ENTRY_BYTES) this.#isSkippingLine = true
    if (this.#isSkippingLine) this.#skipLine()
    else this.#neededBytes = this.#end - from + 1
    this.#wantMore()
    return 'not-yet'
  }

  /** Drops what is here of a line that is too long, but for its end. */
  #skipLine(): void {
    const at = this.#buffer.indexOf(LF, this.#start)
    this.#start = at < 0 ? this.#end : Math.min(at, this.#end)
    this.#scannedTo = this.#start
  }
}
