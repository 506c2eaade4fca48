import type { Random } from '../../../base/random.ts'

const SHORTEST_MS = 2
const LONGEST_MS = 9

/**
 * Deletions that have been decided and not yet carried out. The real controller sends them in parallel, but the API
 * server stores them one after another: on a real cluster nine of them took some 50 ms, so that the first
 * EndpointSlice write held only the first of them (docs/fidelity.md). A pod that is about to be deleted counts
 * as gone, as the controller's expectations make it.
 */
export interface Deletions {
  isPending(uid: string): boolean
  /** Carries `remove` out for each uid, a few ms apart; the first at once. */
  begin(uids: readonly string[], remove: (uid: string) => void): void
  stop(): void
}

export function createDeletions(random: Random): Deletions {
  const timers = new Map<string, NodeJS.Timeout>()
  return {
    isPending: (uid) => timers.has(uid),
    begin([first, ...others], remove) {
      let afterMs = 0
      for (const uid of others) {
        afterMs += random.between(SHORTEST_MS, LONGEST_MS)
        const timer = setTimeout(() => {
          timers.delete(uid)
          remove(uid)
        }, afterMs)
        timers.set(uid, timer)
      }
      if (first !== undefined) remove(first)
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
