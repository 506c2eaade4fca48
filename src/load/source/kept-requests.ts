import type { PreparedRequest } from '../prepared-request.ts'

const MAX_KEPT = 2_000
const MAX_KEY_LENGTH = 1_000

/** So small a part of what was kept, when it is full, is asked for again where keeping is of no use. */
const USEFUL_SHARE = 0.1

/** Requests that are kept for entries that come again; bounded, and given up for a file in which few do. */
export class KeptRequests {
  readonly #kept = new Map<string, PreparedRequest>()
  #hits = 0
  #isUseful = true

  get(key: string): PreparedRequest | undefined {
    if (!this.#isUseful) return undefined
    const request = this.#kept.get(key)
    if (request) this.#hits++
    return request
  }

  /** Gives the request back. */
  keep(key: string, request: PreparedRequest): PreparedRequest {
    if (!this.#isUseful || key.length > MAX_KEY_LENGTH) return request
    if (this.#kept.size >= MAX_KEPT) {
      this.#isUseful = this.#hits >= MAX_KEPT * USEFUL_SHARE
      this.clear()
    }
    this.#kept.set(key, request)
    return request
  }

  clear(): void {
    this.#kept.clear()
    this.#hits = 0
  }
}
