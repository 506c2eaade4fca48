/** Runs one key at a time, each at most once for all the reasons that piled up, as a controller's work queue does. */
export interface SyncQueue {
  add(key: string): void
  /** An earlier time that is already set for the key stands. */
  addAfter(key: string, delayMs: number): void
  stop(): void
}

/** `sync` runs after the current turn of the event loop, so that it sees everything that was written in it. */
export function createSyncQueue(sync: (key: string) => void): SyncQueue {
  const timers = new Map<string, { timer: NodeJS.Timeout; dueAtMs: number }>()
  const ready = new Set<string>()
  let immediate: NodeJS.Immediate | undefined
  let stopped = false

  const run = () => {
    immediate = undefined
    const keys = [...ready]
    ready.clear()
    for (const key of keys) if (!stopped) sync(key)
  }
  const cancel = (key: string) => {
    clearTimeout(timers.get(key)?.timer)
    timers.delete(key)
  }
  const add = (key: string) => {
    if (stopped) return
    cancel(key)
    ready.add(key)
    immediate ??= setImmediate(run)
  }
  return {
    add,
    addAfter: (key, delayMs) => {
      const dueAtMs = performance.now() + delayMs
      if (stopped || ready.has(key) || (timers.get(key)?.dueAtMs ?? Infinity) <= dueAtMs) return
      cancel(key)
      const timer = setTimeout(() => {
        add(key)
      }, delayMs)
      timers.set(key, { timer, dueAtMs })
    },
    stop: () => {
      stopped = true
      if (immediate) clearImmediate(immediate)
      for (const key of [...timers.keys()]) cancel(key)
    },
  }
}
