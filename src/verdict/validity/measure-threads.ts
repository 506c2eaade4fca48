import type { FrameEntry } from '../../recording/entry.ts'

/** 100 ms; the recording says so of every frame. */
const FRAME_US = 100_000
/** So late is a send called late, too. */
const LATE_US = 10_000

/** The frames of each thread, in order. */
export function framesByThread(frames: readonly FrameEntry[]): readonly (readonly FrameEntry[])[] {
  const byThread = Map.groupBy(frames, ({ thread }) => thread ?? 0)
  return [...byThread.values()]
}

type Threads = ReturnType<typeof framesByThread>

/**
 * What an event waited for the event loop at most in 99 % of the time, of the worst thread: within an absence of d,
 * events wait evenly between 0 and d, so it is the x for which the sum of all d − x beyond 0 is a hundredth of the
 * time. Of each frame only the longest absence is known.
 */
export const loopDelayP99 = (threads: Threads): number => worst(threads, p99OfWaiting)

function p99OfWaiting(frames: readonly FrameEntry[]): number {
  const allowedUs = 0.01 * frames.length * FRAME_US
  const absencesUs = frames
    .map(({ loopDelayUs }) => loopDelayUs)
    .sort((left, right) => right - left)
  let sumUs = 0
  for (const [at, absenceUs] of absencesUs.entries()) {
    sumUs += absenceUs
    const waitUs = (sumUs - allowedUs) / (at + 1)
    if (waitUs >= (absencesUs[at + 1] ?? 0)) return Math.max(0, waitUs)
  }
  return 0
}

/**
 * Share of the time at which whatever came had to wait more than 10 ms for the event loop, of the worst thread: of an
 * absence of 50 ms the first 40.
 */
export const loopAwayShare = (threads: Threads): number =>
  worst(threads, (frames) =>
    shareOfTime(frames, ({ loopDelayUs }) => Math.max(0, loopDelayUs - LATE_US)),
  )

/** Share of the time in which the worst thread's event loop was busy; undefined where it was not measured. */
export const loopBusyShare = (threads: Threads): number | undefined =>
  whereMeasured(threads, ({ busyUs }) => busyUs)

/** Share of the time in which the worst thread collected garbage; undefined where it was not measured. */
export const gcShare = (threads: Threads): number | undefined =>
  whereMeasured(threads, ({ gcUs }) => gcUs)

/** Share of the frames between each thread's first and last that are not there. */
export function missingFramesShare(threads: Threads): number {
  let planned = 0
  let missing = 0
  for (const frames of threads) {
    const first = frames[0]?.atUs ?? 0
    const last = frames.at(-1)?.atUs ?? 0
    const due = Math.round((last - first) / FRAME_US) + 1
    planned += due
    missing += due - new Set(frames.map(({ atUs }) => atUs)).size
  }
  return planned === 0 ? 0 : missing / planned
}

const worst = (threads: Threads, of: (frames: readonly FrameEntry[]) => number): number =>
  threads.reduce((highest, frames) => Math.max(highest, of(frames)), 0)

function whereMeasured(
  threads: Threads,
  of: (frame: FrameEntry) => number | undefined,
): number | undefined {
  const isMeasured = threads.some((frames) => frames.some((frame) => of(frame) !== undefined))
  return isMeasured ? worst(threads, (frames) => shareOfTime(frames, of)) : undefined
}

function shareOfTime(
  frames: readonly FrameEntry[],
  of: (frame: FrameEntry) => number | undefined,
): number {
  const us = frames.reduce((sum, frame) => sum + (of(frame) ?? 0), 0)
  return us / (frames.length * FRAME_US)
}
