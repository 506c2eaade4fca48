import type { ChangeType } from '../cluster-change.ts'
import type { RawObject } from './raw-object.ts'
import { shareEqual } from './share-equal.ts'

/** What is known of an object: who it is, its version, and the facts that were taken from it. */
export interface KnownObject<Facts> {
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly facts: Facts
}

/** What became of an object, by comparison with what was known. */
export interface ObjectChange<Facts> {
  readonly change: ChangeType
  readonly object: KnownObject<Facts>
}

/**
 * What a watch knows of its objects. Turns lists and watch events into changes: nothing twice, and a name that
 * came back with another uid is one object gone and another one there.
 */
export class ObjectCache<Raw extends RawObject, Facts> {
  readonly #project: (raw: Raw) => Facts
  readonly #known = new Map<string, KnownObject<Facts>>()
  #latest: Facts | undefined

  constructor(project: (raw: Raw) => Facts) {
    this.#project = project
  }

  /** What is kept of an object: of its facts only what was not known, for pods of a template have most in common. */
  know(raw: Raw): KnownObject<Facts> {
    const { name, uid, resourceVersion } = raw.metadata
    const facts = shareEqual(this.#known.get(name)?.facts ?? this.#latest, this.#project(raw))
    this.#latest = facts
    return { name, uid, resourceVersion, facts }
  }

  /** Takes a full list, as far as it is asked for changes; what is not in it any more is gone. */
  *replace(objects: readonly KnownObject<Facts>[]): Generator<ObjectChange<Facts>> {
    const names = new Set(objects.map(({ name }) => name))
    for (const known of this.#known.values()) if (!names.has(known.name)) yield* this.remove(known)
    for (const object of objects) yield* this.put(object)
  }

  put(fresh: KnownObject<Facts>): ObjectChange<Facts>[] {
    const known = this.#known.get(fresh.name)
    if (known?.uid === fresh.uid && known.resourceVersion === fresh.resourceVersion) return []
    const { name, uid } = known?.uid === fresh.uid ? known : fresh
    const { resourceVersion, facts } = fresh
    const object = { name, uid, resourceVersion, facts }
    this.#known.set(name, object)
    if (!known) return [{ change: 'appeared', object }]
    if (known.uid === object.uid) return [{ change: 'changed', object }]
    return [
      { change: 'gone', object: known },
      { change: 'appeared', object },
    ]
  }

  remove(object: KnownObject<Facts>): ObjectChange<Facts>[] {
    if (this.#known.get(object.name)?.uid !== object.uid) return []
    this.#known.delete(object.name)
    return [{ change: 'gone', object }]
  }
}
