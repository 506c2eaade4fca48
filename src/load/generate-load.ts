import type { LoadFrame } from './load-frame.ts'
import type { LoadPlan } from './load-plan.ts'
import type { RequestFailure } from './request-failure.ts'
import { type GeneratorEnd, startGenerator } from './start-generator.ts'

export interface LoadListener {
  frame(frame: LoadFrame): void
  failure(failure: RequestFailure): void
  /** Lines of the request log, each ending in a line feed. */
  lines?(text: string): void
}

/** How the load ended. */
export interface LoadEnd extends GeneratorEnd {
  /** Why a thread died; absent when all ended as they should. */
  readonly lost?: string
}

/**
 * Runs a plan on threads of its own, so that nothing else delays it. Resolves when every planned request has its
 * outcome; aborting the signal stops it early; aborting `finish`, with an instant as its reason (µs since the run
 * began), lets nothing more fall due from then on. Never rejects: a thread that dies is `lost`.
 */
export async function generateLoad(
  plan: LoadPlan,
  threads: number,
  listener: LoadListener,
  signal: AbortSignal,
  finish: AbortSignal = new AbortController().signal,
): Promise<LoadEnd> {
  const ends = await Promise.all(
    Array.from({ length: threads }, (_, index) =>
      runShare(shareOf(plan, index, threads), listener, signal, finish),
    ),
  )
  const unlisted: Record<string, number> = {}
  for (const [outcome, count] of ends.flatMap((end) => Object.entries(end.unlisted))) {
    unlisted[outcome] = (unlisted[outcome] ?? 0) + count
  }
  const skipped = ends.reduce((sum, end) => sum + (end.skipped ?? 0), 0)
  const [problem] = ends.flatMap((end) => end.problem ?? [])
  const lost = ends.flatMap((end) => end.lost ?? [])
  return {
    unlisted,
    ...(skipped > 0 && { skipped }),
    ...(problem !== undefined && { problem }),
    ...(lost.length > 0 && { lost: lost.join('; ') }),
  }
}

/** What a thread gets of the plan: its numbers of requests or users, and its part of every limit. */
function shareOf(plan: LoadPlan, index: number, count: number): LoadPlan {
  const part = (whole: number) => Math.floor(whole / count) + (index < whole % count ? 1 : 0)
  return {
    ...plan,
    thread: { index, count },
    load: { ...plan.load, maxConnections: Math.max(1, part(plan.load.maxConnections)) },
    maxListedFailures: part(plan.maxListedFailures),
  }
}

function runShare(
  plan: LoadPlan,
  listener: LoadListener,
  signal: AbortSignal,
  finish: AbortSignal,
): Promise<LoadEnd> {
  return new Promise((resolve) => {
    let end: LoadEnd | undefined
    const data = { plan, isStopped: signal.aborted }
    const order = startGenerator(data, {
      message(message) {
        if (message.type === 'ended') {
          end = message.end
          return
        }
        listener.frame(message.frame)
        for (const failure of message.failures) listener.failure(failure)
        if (message.lines !== '') listener.lines?.(message.lines)
      },
      gone(why) {
        signal.removeEventListener('abort', stop)
        finish.removeEventListener('abort', finishAt)
        resolve(end ?? { unlisted: {}, lost: why })
      },
    })
    const stop = () => order({ type: 'stop' })
    const finishAt = () => order({ type: 'finish', atUs: finish.reason as number })
    signal.addEventListener('abort', stop, { once: true })
    finish.addEventListener('abort', finishAt, { once: true })
  })
}
