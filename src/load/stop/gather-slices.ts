import type { SparseHistogram } from '../../base/histogram.ts'
import { type EndedCounts, FRAME_US, type LoadFrame } from '../load-frame.ts'

/** What all generator threads together did in {@link FRAME_US}. */
export interface Slice {
  /** Where it begins, µs since the run began. */
  readonly atUs: number
  /** Requests that fell due. */
  due: number
  /** To be added up. */
  readonly ended: EndedCounts[]
  /** By tag, to be added up. */
  readonly byTag: Map<string, EndedCounts[]>
  /** sent − due, to be added up. */
  readonly sendLag: SparseHistogram[]
  /** Mean number over the slice; a thread that said nothing has as many as before. */
  inFlight: number
  connections: number
  /** Absent: open loop. */
  users: number | undefined
}

/** How far a thread may be behind the others before a slice is taken without it. */
const STALL_TOLERANCE_US = 500_000

const TOLERANCE_SLICES = STALL_TOLERANCE_US / FRAME_US

/**
 * Puts the frames of several threads together. A slice comes out when every thread has told it, or when another is
 * {@link STALL_TOLERANCE_US} ahead; what a stalled thread tells later counts in the next slice, so nothing is lost.
 */
export class SliceGatherer {
  readonly #startsAtUs: number
  /** The last frame of each thread: its number, and what it had open at its end. */
  readonly #threads: ThreadState[]
  readonly #pending = new Map<number, Slice>()
  #next = 0
  #newest = -1

  constructor(startsAtUs: number, threads: number) {
    this.#startsAtUs = startsAtUs
    this.#threads = Array.from({ length: threads }, () => new ThreadState())
  }

  /** Takes a frame and gives the slices that are complete now, in order. */
  add(frame: LoadFrame): Slice[] {
    const told = Math.round((frame.atUs - this.#startsAtUs) / FRAME_US)
    const state = (this.#threads[frame.thread ?? 0] ??= new ThreadState())
    state.take(frame, told)
    this.#newest = Math.max(this.#newest, told)
    const slice = this.#at(Math.max(told, this.#next))
    slice.due += frame.due
    slice.ended.push(frame.ended.new, frame.ended.reused)
    slice.sendLag.push(frame.sendLag)
    for (const [tag, counts] of Object.entries(frame.byTag ?? {})) {
      const ofTag = slice.byTag.get(tag)
      if (ofTag) ofTag.push(counts)
      else slice.byTag.set(tag, [counts])
    }
    return this.#takeComplete()
  }

  /** Time has passed without frames: gives what no thread may delay any longer. */
  passed(nowUs: number): Slice[] {
    this.#newest = Math.max(this.#newest, Math.floor((nowUs - this.#startsAtUs) / FRAME_US) - 1)
    return this.#takeComplete()
  }

  #takeComplete(): Slice[] {
    const toldByAll = Math.min(...this.#threads.map((thread) => thread.told))
    const last = Math.max(toldByAll, this.#newest - TOLERANCE_SLICES)
    const complete: Slice[] = []
    while (this.#next <= last) {
      const slice = this.#at(this.#next)
      this.#pending.delete(this.#next)
      this.#next++
      for (const thread of this.#threads) {
        slice.inFlight += thread.inFlight
        slice.connections += thread.connections
        if (thread.users !== undefined) slice.users = (slice.users ?? 0) + thread.users
      }
      complete.push(slice)
    }
    return complete
  }

  #at(index: number): Slice {
    const known = this.#pending.get(index)
    if (known) return known
    const slice: Slice = {
      atUs: this.#startsAtUs + index * FRAME_US,
      due: 0,
      ended: [],
      byTag: new Map(),
      sendLag: [],
      inFlight: 0,
      connections: 0,
      users: undefined,
    }
    this.#pending.set(index, slice)
    return slice
  }
}

class ThreadState {
  told = -1
  inFlight = 0
  connections = 0
  users: number | undefined

  take(frame: LoadFrame, told: number): void {
    this.told = Math.max(this.told, told)
    this.inFlight = frame.inFlightUs === undefined ? frame.inFlight : frame.inFlightUs / FRAME_US
    this.connections = frame.connections
    this.users = frame.users
  }
}
