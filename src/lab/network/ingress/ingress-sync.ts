import type { Random } from '../../../base/random.ts'
import { createSyncLimiter } from '../sync-limiter.ts'
import type { IngressTiming } from './profile.ts'

/** A controller's way from a change to its proxies. */
export interface IngressSync {
  /** Something that the controller watches has changed. */
  request(): void
  close(): void
}

/** What a controller sees when it looks counts when it is applied; both are told here. */
interface Effect<T> {
  readonly look: () => T
  readonly apply: (seen: T) => void
}

/** Brings what `look` gives to `apply` with the timing of a profile. */
export function createIngressSync<T>(
  timing: IngressTiming,
  random: Random,
  effect: Effect<T>,
): IngressSync {
  switch (timing.kind) {
    case 'throttle':
      return throttled(timing, random, effect)
    case 'tick':
      return ticking(timing.periodMs, random, effect)
    case 'push':
      return pushed(timing, random, effect)
  }
}

function throttled<T>(
  { intervalMs, pollMs }: Extract<IngressTiming, { kind: 'throttle' }>,
  random: Random,
  { look, apply }: Effect<T>,
): IngressSync {
  const firstPollAtMs = performance.now() + random.between(0, pollMs)
  let poll: NodeJS.Timeout | undefined
  const limiter = createSyncLimiter(intervalMs, () => {
    const seen = look()
    if (pollMs === 0) {
      apply(seen)
      return
    }
    const sincePollMs = (performance.now() - firstPollAtMs + pollMs) % pollMs
    poll = setTimeout(apply, pollMs - sincePollMs, seen)
  })
  return {
    request: () => {
      limiter.request()
    },
    close: () => {
      limiter.close()
      clearTimeout(poll)
    },
  }
}

function ticking<T>(periodMs: number, random: Random, { look, apply }: Effect<T>): IngressSync {
  let isAsked = false
  let ticks: NodeJS.Timeout | undefined
  const tick = () => {
    if (isAsked) apply(look())
    isAsked = false
  }
  const first = setTimeout(
    () => {
      tick()
      ticks = setInterval(tick, periodMs)
    },
    random.between(0, periodMs),
  )
  return {
    request: () => {
      isAsked = true
    },
    close: () => {
      clearTimeout(first)
      clearInterval(ticks)
    },
  }
}

/** Each change takes its own time, but none overtakes an earlier one. */
function pushed<T>(
  { minMs, maxMs }: Extract<IngressTiming, { kind: 'push' }>,
  random: Random,
  { look, apply }: Effect<T>,
): IngressSync {
  const timers = new Set<NodeJS.Timeout>()
  const waiting: T[] = []
  let lastAtMs = 0
  return {
    request: () => {
      waiting.push(look())
      lastAtMs = Math.max(lastAtMs, performance.now() + random.between(minMs, maxMs))
      const timer = setTimeout(() => {
        timers.delete(timer)
        // Not its own: timers of whole milliseconds do overtake one another.
        const [next] = waiting.splice(0, 1)
        if (next !== undefined) apply(next)
      }, lastAtMs - performance.now())
      timers.add(timer)
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
