/**
 * Chance for the variables of a request: the same seed and number give the same values, whichever thread asks, and
 * those of different numbers do not follow one another. sfc32, with 128 bits of state (public domain, C. Doty-Humphrey).
 */
export class RequestRandom {
  readonly #seed: number
  #a = 0
  #b = 0
  #c = 0
  #counter = 1

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Begins the values of request `seq`. */
  restart(seq: number): void {
    this.#a = this.#seed | 0
    this.#b = seq | 0
    this.#c = Math.floor(seq / 2 ** 32) | 0
    this.#counter = 1
    for (let round = 0; round < 12; round++) this.next()
  }

  /** 32 random bits as a number from 0. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }

  /** A whole number from `low` to `high`, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor((this.next() / 2 ** 32) * (high - low + 1))
  }

  /** A version-4 UUID. */
  uuid(): string {
    const hex = (bits: number) => bits.toString(16).padStart(8, '0')
    const second = hex(this.next())
    const third = hex(((this.next() & 0x3fff_ffff) | 0x8000_0000) >>> 0)
    const first = hex(this.next())
    return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${third.slice(0, 4)}-${third.slice(4)}${hex(this.next())}`
  }
}
