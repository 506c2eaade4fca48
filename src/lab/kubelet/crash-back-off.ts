const FIRST_MS = 10_000
const LARGEST_MS = 300_000

/** The restart delays of one container (k8s-mechanics 1.12). Instants are milliseconds of one clock. */
export interface CrashBackOff {
  /** How long to wait with the next restart, when the container last ended at `finishedAtMs`; 0: not at all. */
  waitMs(finishedAtMs: number, nowMs: number): number
  /** The delay in force, for the message. */
  readonly delayMs: number
  /** The container is being restarted now. */
  restarted(nowMs: number): void
}

/** The first restart is immediate, then 10 s doubling to 300 s, counted from the last finish. */
export function createCrashBackOff(): CrashBackOff {
  let delayMs = 0
  let lastRestartAtMs = 0
  return {
    waitMs: (finishedAtMs, nowMs) => {
      if (finishedAtMs - lastRestartAtMs > 2 * LARGEST_MS) delayMs = 0
      return Math.max(0, finishedAtMs + delayMs - nowMs)
    },
    get delayMs() {
      return delayMs
    },
    restarted: (nowMs) => {
      delayMs = delayMs === 0 ? FIRST_MS : Math.min(LARGEST_MS, delayMs * 2)
      lastRestartAtMs = nowMs
    },
  }
}
