import type { PodLane } from './pod-lane.ts'

const CHUNK = 64

/**
 * The lanes of all pods in the order in which they were first seen, never changed: to put one in copies a chunk of 64,
 * so that ten thousand pods cost no more a change than a hundred do.
 */
export class PodLanes {
  readonly size: number
  readonly #chunks: readonly (readonly PodLane[])[]
  /** Places by uid; versions that follow one another share it, for a place once taken never changes. */
  readonly #places: Map<string, number>

  private constructor(
    size: number,
    chunks: readonly (readonly PodLane[])[],
    places: Map<string, number>,
  ) {
    this.size = size
    this.#chunks = chunks
    this.#places = places
  }

  static none(): PodLanes {
    return new PodLanes(0, [], new Map())
  }

  get(uid: string): PodLane | undefined {
    const place = this.#placeOf(uid)
    return place === undefined ? undefined : this.#at(place)
  }

  *values(): Generator<PodLane> {
    for (const chunk of this.#chunks) yield* chunk
  }

  /** With this lane in the place of the pod's lane, or after all others. */
  with(lane: PodLane): PodLanes {
    const known = this.#placeOf(lane.uid)
    const place = known ?? this.size
    const chunks = this.#chunks.slice()
    const chunk = (chunks[Math.floor(place / CHUNK)] ?? []).slice()
    chunk[place % CHUNK] = lane
    chunks[Math.floor(place / CHUNK)] = chunk
    if (known !== undefined) return new PodLanes(this.size, chunks, this.#places)
    // Another version has gone on from here too, and has put other pods there.
    const isForked = this.#places.size > this.size
    const places = isForked ? this.#ownPlaces() : this.#places
    return new PodLanes(this.size + 1, chunks, places.set(lane.uid, place))
  }

  #ownPlaces(): Map<string, number> {
    return new Map([...this.values()].map(({ uid }, place) => [uid, place]))
  }

  #placeOf(uid: string): number | undefined {
    const place = this.#places.get(uid)
    return place !== undefined && place < this.size ? place : undefined
  }

  #at(place: number): PodLane | undefined {
    return this.#chunks[Math.floor(place / CHUNK)]?.[place % CHUNK]
  }
}
