import type { LoadFrame } from '../../recording/entry.ts'
import { US_PER_SECOND } from '../../base/units.ts'
import { addFrame, type Counts, failedOf, NO_COUNTS } from './counts.ts'

/** 100 ms of a second. */
export interface Slot {
  readonly sent: number
  readonly failed: number
}

/** One second of the run; `slots` are its ten tenths, long after it a single one. */
export interface Second extends Counts {
  readonly slots: readonly Slot[]
}

const SLOTS = 10
const EMPTY_SLOT: Slot = { sent: 0, failed: 0 }
const EMPTY_SECOND: Second = {
  ...NO_COUNTS,
  slots: Array.from({ length: SLOTS }, () => EMPTY_SLOT),
}

/** Seconds for which histograms are kept: the last minute and the one that is being filled. */
const KEPT_HISTOGRAMS = 62

/** Tenths are kept as long as any time scale can show them; then one slot stands for the second, so that hours stay small. */
const KEPT_TENTHS = 600

/** The seconds of a run with a frame put where it belongs; index = whole seconds since the run began. */
export function addToSeconds(seconds: readonly Second[], frame: LoadFrame): readonly Second[] {
  const index = Math.max(0, Math.floor(frame.atUs / US_PER_SECOND))
  const next = seconds.slice()
  while (next.length <= index) next.push(EMPTY_SECOND)
  next[index] = addToSecond(next[index] ?? EMPTY_SECOND, frame)
  for (let old = seconds.length - KEPT_HISTOGRAMS; old < next.length - KEPT_HISTOGRAMS; old++) {
    const second = next[old]
    if (second) next[old] = { ...second, responseTime: [], sendLag: [] }
  }
  for (let old = seconds.length - KEPT_TENTHS; old < next.length - KEPT_TENTHS; old++) {
    const second = next[old]
    if (second) next[old] = { ...second, slots: [sumOf(second.slots)] }
  }
  return next
}

const sumOf = (slots: readonly Slot[]): Slot => ({
  sent: slots.reduce((sum, slot) => sum + slot.sent, 0),
  failed: slots.reduce((sum, slot) => sum + slot.failed, 0),
})

function addToSecond(second: Second, frame: LoadFrame): Second {
  const at = Math.floor((frame.atUs % US_PER_SECOND) / (US_PER_SECOND / SLOTS))
  const failed = failedOf(frame.ended.new.outcomes) + failedOf(frame.ended.reused.outcomes)
  return {
    ...addFrame(second, frame),
    slots: second.slots.map((slot, index) =>
      index === at ? { sent: slot.sent + frame.sent, failed: slot.failed + failed } : slot,
    ),
  }
}
