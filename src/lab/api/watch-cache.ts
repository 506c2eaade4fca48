import type { Change, KubeObject, ResourceName, Store } from './store.ts'
import { resourceKinds } from './resource-kinds.ts'

/** A change with the state before it, which tells whether an object entered or left a selector. */
export interface RecordedChange extends Change {
  readonly version: number
  readonly previous?: KubeObject
}

/** Recent changes of the whole store, so that a watch can begin at an older resourceVersion. */
export interface WatchCache {
  /** Of the last write to any resource; what a list says. */
  version(): number
  /** Changes after `version`, oldest first; undefined when they are no longer known or `version` lies in the future. */
  changesSince(resource: ResourceName, version: number): readonly RecordedChange[] | undefined
  /** Forgets every change so far: to begin at an older version is no longer possible. */
  compact(): void
  /** Versions below this one are forgotten by `compact`; 0 when it was never called. */
  compactedVersion(): number
  subscribe(resource: ResourceName, listener: (change: RecordedChange) => void): () => void
  close(): void
}

interface History {
  readonly changes: RecordedChange[]
  readonly listeners: Set<(change: RecordedChange) => void>
  /** Changes up to this version are forgotten. */
  forgottenVersion: number
}

/** Keeps up to `depth` changes of each resource. */
export function createWatchCache(store: Store, depth = 4096): WatchCache {
  const histories = new Map<ResourceName, History>()
  const stops: (() => void)[] = []
  let version = 0
  let compactedVersion = 0
  const historyOf = (resource: ResourceName): History => {
    const history = histories.get(resource)
    if (!history) throw new Error(`not watched: ${resource}`)
    return history
  }
  for (const { resource } of resourceKinds) {
    const history: History = { changes: [], listeners: new Set(), forgottenVersion: 0 }
    histories.set(resource, history)
    let replaying = true
    const latest = new Map<string, KubeObject>()
    const stop = store.watch(resource, (change) => {
      const recorded = record(latest, change)
      version = Math.max(version, recorded.version)
      if (!replaying) remember(history, recorded, depth)
    })
    replaying = false
    stops.push(stop)
  }
  for (const history of histories.values()) history.forgottenVersion = version
  return {
    version: () => version,
    changesSince: (resource, since) => {
      const { changes, forgottenVersion } = historyOf(resource)
      if (since < forgottenVersion || since > version) return undefined
      return changes.filter((change) => change.version > since)
    },
    subscribe: (resource, listener) => {
      const { listeners } = historyOf(resource)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    compact: () => {
      compactedVersion = version
      for (const history of histories.values()) {
        history.changes.length = 0
        history.forgottenVersion = version
      }
    },
    compactedVersion: () => compactedVersion,
    close: () => {
      for (const stop of stops) stop()
    },
  }
}

function record(latest: Map<string, KubeObject>, change: Change): RecordedChange {
  const { uid, resourceVersion } = change.object.metadata
  const previous = latest.get(uid)
  if (change.type === 'DELETED') latest.delete(uid)
  else latest.set(uid, change.object)
  return { ...change, version: Number(resourceVersion), ...(previous ? { previous } : {}) }
}

function remember(history: History, change: RecordedChange, depth: number): void {
  history.changes.push(change)
  if (history.changes.length > depth) {
    history.forgottenVersion = history.changes.shift()?.version ?? history.forgottenVersion
  }
  for (const listener of history.listeners) listener(change)
}
