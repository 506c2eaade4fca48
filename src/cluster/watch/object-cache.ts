import type { ChangeType } from '../cluster-change.ts'
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
export class ObjectCache<Facts> {
  readonly #known = new Map<string, KnownObject<Facts>>()
  #latest: Facts | undefined

  /** Takes a full list; what is not in it any more is gone. */
  replace(objects: readonly KnownObject<Facts>[]): ObjectChange<Facts>[] {
    const names = new Set(objects.map(({ name }) => name))
    const gone = [...this.#known.values()]
      .filter(({ name }) => !names.has(name))
      .flatMap((known) => this.remove(known))
    return [...gone, ...objects.flatMap((object) => this.put(object))]
  }

  put(fresh: KnownObject<Facts>): ObjectChange<Facts>[] {
    const known = this.#known.get(fresh.name)
    if (known?.uid === fresh.uid && known.resourceVersion === fresh.resourceVersion) return []
    // Pods of a template have most of their facts in common.
    const facts = shareEqual(known?.facts ?? this.#latest, fresh.facts)
    const who = known?.uid === fresh.uid ? known : fresh
    const object = { ...who, resourceVersion: fresh.resourceVersion, facts }
    this.#latest = facts
    this.#known.set(object.name, object)
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
