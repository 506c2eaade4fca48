import { PerformanceObserver, performance } from 'node:perf_hooks'
import { US_PER_MS } from '../base/units.ts'

/** How busy a load thread was since it was last asked. */
export interface ThreadHealth {
  /** Times since the last call, µs; to be called once a frame. */
  takeFrame(): ThreadTimes
  close(): void
}

export interface ThreadTimes {
  /** The event loop was not waiting for anything. */
  readonly busyUs: number
  /** Pauses for the collection of garbage. */
  readonly gcUs: number
}

/**
 * Watches the calling thread; costs nothing per request. Node tells of a collection one turn of the event loop after
 * it, so one at the very end of a frame counts in the next frame; none is lost or counted twice.
 */
export function threadHealth(): ThreadHealth {
  let gcMs = 0
  const add = (entries: readonly { readonly duration: number }[]) => {
    for (const { duration } of entries) gcMs += duration
  }
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  let seen = performance.eventLoopUtilization()
  return {
    takeFrame() {
      add(observer.takeRecords())
      const now = performance.eventLoopUtilization()
      const busyMs = performance.eventLoopUtilization(now, seen).active
      const times = {
        busyUs: Math.round(busyMs * US_PER_MS),
        gcUs: Math.round(gcMs * US_PER_MS),
      }
      seen = now
      gcMs = 0
      return times
    },
    close: () => observer.disconnect(),
  }
}
