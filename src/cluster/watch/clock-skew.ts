import type { PodFacts, ReportedEvent } from '../cluster-change.ts'
import type { ClockSkewFacts } from '../surroundings.ts'

interface Bounds {
  lowMs: number
  highMs: number
}

/** `metav1.Time` and the `Date` header are cut to whole seconds. */
const SECOND_MS = 1_000
const API_SERVER = 'api-server'

/**
 * Bounds the difference of the cluster's clocks from ours (theirs minus ours), by cause and effect alone: an answer
 * is stamped between our sending and our receiving; an Event is stamped before it arrives here, and one about a pod
 * after the pod was made.
 */
export class ClockSkew {
  readonly #bounds = new Map<string, Bounds>()
  /** When each pod was made by the API server's clock, ms. */
  readonly #createdMs = new Map<string, number>()
  /** Emitters' stamps of Events about pods, less the pod's making: no less than the emitter is ahead of the API server. */
  readonly #sinceCreationMs = new Map<string, number>()

  /** An answer's `Date`, and our wall clock around it, ms. */
  serverDate(date: string, sentAtMs: number, receivedAtMs: number): void {
    const dateMs = Date.parse(date)
    if (Number.isNaN(dateMs)) return
    this.#narrow(API_SERVER, dateMs - receivedAtMs, dateMs + SECOND_MS - sentAtMs)
  }

  pod({ name, creationTimestamp }: PodFacts): void {
    const createdMs = Date.parse(creationTimestamp ?? '')
    if (!Number.isNaN(createdMs)) this.#createdMs.set(name, createdMs)
  }

  /** An Event that arrived at `arrivedAtMs` of our wall clock. */
  event(event: ReportedEvent, arrivedAtMs: number): void {
    const { emittedAtUnixNs, component, host, objectKind, objectName } = event
    if (emittedAtUnixNs === undefined || component === undefined) return
    const emitter = host === undefined ? component : `${component} ${host}`
    const emittedMs = Number(BigInt(emittedAtUnixNs) / 1_000n) / 1_000
    this.#narrow(emitter, emittedMs - arrivedAtMs, Infinity)
    const createdMs = objectKind === 'Pod' ? this.#createdMs.get(objectName) : undefined
    if (createdMs === undefined) return
    const least = this.#sinceCreationMs.get(emitter) ?? Infinity
    this.#sinceCreationMs.set(emitter, Math.min(least, emittedMs - createdMs))
  }

  /** What is known, whole ms, of each emitter that is bounded from both sides. */
  facts(): readonly ClockSkewFacts[] {
    const serverHighMs = this.#bounds.get(API_SERVER)?.highMs ?? Infinity
    return [...this.#bounds].flatMap(([emitter, { lowMs, highMs }]) => {
      const behindPodMs = (this.#sinceCreationMs.get(emitter) ?? Infinity) + serverHighMs
      const high = Math.ceil(Math.min(highMs, behindPodMs))
      const low = Math.floor(lowMs)
      return Number.isFinite(high) && low <= high ? [{ emitter, lowMs: low, highMs: high }] : []
    })
  }

  #narrow(emitter: string, lowMs: number, highMs: number): void {
    const known = this.#bounds.get(emitter) ?? { lowMs: -Infinity, highMs: Infinity }
    known.lowMs = Math.max(known.lowMs, lowMs)
    known.highMs = Math.min(known.highMs, highMs)
    this.#bounds.set(emitter, known)
  }
}
