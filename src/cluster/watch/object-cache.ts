import type { ChangeType } from '../cluster-change.ts'
import type { RawObject } from './raw-object.ts'

/** What became of an object, by comparison with what was known. */
export interface ObjectChange<Raw extends RawObject> {
  readonly change: ChangeType
  readonly object: Raw
}

interface Known<Raw> {
  readonly uid: string
  readonly resourceVersion: string
  readonly object: Raw
}

/**
 * What a watch knows of its objects. Turns lists and watch events into changes: nothing twice, and a name that
 * came back with another uid is one object gone and another one there.
 */
export class ObjectCache<Raw extends RawObject> {
  readonly #known = new Map<string, Known<Raw>>()

  /** Takes a full list; what is not in it any more is gone. */
  replace(objects: readonly Raw[]): ObjectChange<Raw>[] {
    const names = new Set(objects.map((object) => object.metadata.name))
    const gone = [...this.#known]
      .filter(([name]) => !names.has(name))
      .flatMap(([, known]) => this.remove(known.object))
    return [...gone, ...objects.flatMap((object) => this.put(object))]
  }

  put(object: Raw): ObjectChange<Raw>[] {
    const { name, uid, resourceVersion } = object.metadata
    const known = this.#known.get(name)
    if (known?.uid === uid && known.resourceVersion === resourceVersion) return []
    this.#known.set(name, { uid, resourceVersion, object })
    if (!known) return [{ change: 'appeared', object }]
    if (known.uid === uid) return [{ change: 'changed', object }]
    return [
      { change: 'gone', object: known.object },
      { change: 'appeared', object },
    ]
  }

  remove(object: Raw): ObjectChange<Raw>[] {
    const known = this.#known.get(object.metadata.name)
    if (known?.uid !== object.metadata.uid) return []
    this.#known.delete(object.metadata.name)
    return [{ change: 'gone', object }]
  }
}
