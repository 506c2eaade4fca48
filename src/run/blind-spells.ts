/** A watch that is opened again at once is usual, and nothing to tell. */
const LONG_MS = 1_000

/** Tells while it lasts that nothing is seen of some resources; the gap itself is told when it is over. */
export class BlindSpells {
  readonly #tell: (message: string) => void
  readonly #open = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (message: string) => void) {
    this.#tell = tell
  }

  begin(resource: string, why: string): void {
    this.#open.set(resource, why)
    this.#timer ??= setTimeout(() => this.#say(), LONG_MS)
  }

  end(resource: string): void {
    this.#open.delete(resource)
    if (this.#open.size === 0) this.close()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #say(): void {
    const reasons = [...new Set(this.#open.values())].join(', ')
    this.#tell(`nothing is seen of ${[...this.#open.keys()].join(', ')}: ${reasons}; trying again`)
  }
}
