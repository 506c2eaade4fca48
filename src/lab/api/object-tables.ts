import type { Change, KubeObject, ResourceName } from './store.ts'
import { createChangeFeed } from './change-feed.ts'
import { snapshot } from './snapshot.ts'

/** All objects in their present versions, as frozen snapshots. */
export interface ObjectTables {
  readonly get: (resource: ResourceName, namespace: string, name: string) => KubeObject | undefined
  /** In order of creation. */
  readonly list: (resource: ResourceName, namespace?: string) => readonly KubeObject[]
  /** Writes the next version of an object, or takes it out, and tells the watchers. */
  readonly write: (resource: ResourceName, type: Change['type'], draft: KubeObject) => KubeObject
  readonly watch: (resource: ResourceName, listener: (change: Change) => void) => () => void
}

/** Resource versions begin at the wall-clock time, so that a restarted lab never uses one again. */
export function createObjectTables(): ObjectTables {
  const tables = new Map<ResourceName, Map<string, KubeObject>>()
  let lastVersion = Date.now() * 1000
  const table = (resource: ResourceName): Map<string, KubeObject> => {
    const objects = tables.get(resource) ?? new Map<string, KubeObject>()
    tables.set(resource, objects)
    return objects
  }
  const list = (resource: ResourceName, namespace?: string): readonly KubeObject[] => {
    const all = [...table(resource).values()]
    return namespace === undefined ? all : all.filter((one) => one.metadata.namespace === namespace)
  }
  const feed = createChangeFeed(list)
  return {
    get: (resource, namespace, name) => table(resource).get(`${namespace}/${name}`),
    list,
    write: (resource, type, draft) => {
      draft.metadata.resourceVersion = String((lastVersion += 1))
      const object = snapshot(draft)
      const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
      if (type === 'DELETED') table(resource).delete(key)
      else table(resource).set(key, object)
      feed.publish(resource, { type, object })
      return object
    },
    watch: (resource, listener) => feed.subscribe(resource, listener),
  }
}
