/** Runs `sync` on request: at once after a pause, otherwise once per interval for all requests in between. */
export interface SyncLimiter {
  request(): void
  close(): void
}

/** Leading edge at once, then at least `intervalMs` between two runs; a burst of one. */
export function createSyncLimiter(intervalMs: number, sync: () => void): SyncLimiter {
  let lastAtMs = -Infinity
  let timer: NodeJS.Timeout | undefined
  const run = () => {
    timer = undefined
    lastAtMs = performance.now()
    sync()
  }
  return {
    request: () => {
      timer ??= setTimeout(run, Math.max(0, lastAtMs + intervalMs - performance.now()))
    },
    close: () => {
      clearTimeout(timer)
    },
  }
}
