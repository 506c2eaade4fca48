import type { Change, KubeObject, ResourceName } from './store.ts'

type Listener = (change: Change) => void

export interface ChangeFeed {
  publish(resource: ResourceName, change: Change): void
  /** Gives the way to stop. */
  subscribe(resource: ResourceName, listener: Listener): () => void
}

/**
 * Carries each change to the listeners of its resource, synchronously and in the order of the writes: a write made
 * inside a listener is told after the change that caused it, but before the outermost `publish` returns.
 */
export function createChangeFeed(
  list: (resource: ResourceName) => readonly KubeObject[],
): ChangeFeed {
  const listeners = new Map<ResourceName, Map<Listener, number>>()
  const pending: { sequence: number; resource: ResourceName; change: Change }[] = []
  let lastSequence = 0
  let telling = false

  const tell = () => {
    telling = true
    try {
      for (let next = pending.shift(); next; next = pending.shift()) {
        for (const [listener, since] of listeners.get(next.resource) ?? []) {
          if (next.sequence > since) listener(next.change)
        }
      }
    } finally {
      telling = false
    }
  }

  return {
    publish: (resource, change) => {
      pending.push({ sequence: (lastSequence += 1), resource, change })
      if (!telling) tell()
    },
    subscribe: (resource, listener) => {
      const ofResource = listeners.get(resource) ?? new Map<Listener, number>()
      listeners.set(resource, ofResource)
      const own: Listener = (change) => {
        listener(change)
      }
      ofResource.set(own, lastSequence)
      for (const object of list(resource)) listener({ type: 'ADDED', object })
      return () => {
        ofResource.delete(own)
      }
    },
  }
}
