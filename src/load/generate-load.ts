import { Worker } from 'node:worker_threads'
import { siblingModule } from '../base/sibling-module.ts'
import type { LoadFrame } from './load-frame.ts'
import type { LoadPlan } from './load-plan.ts'
import type { RequestFailure } from './request-failure.ts'

/** What a generator thread sends. */
export type LoadMessage =
  | {
      readonly type: 'frame'
      readonly frame: LoadFrame
      readonly failures: readonly RequestFailure[]
      /** Of the request log; empty without one. */
      readonly lines: string
    }
  | { readonly type: 'ended'; readonly end: Omit<LoadEnd, 'lost'> }

/** What a generator thread starts with. */
export interface LoadThreadData {
  readonly plan: LoadPlan
  /** Stopped before it began: nothing is to be sent. */
  readonly isStopped: boolean
}

export interface LoadListener {
  frame(frame: LoadFrame): void
  failure(failure: RequestFailure): void
  /** Lines of the request log, each ending in a line feed. */
  lines?(text: string): void
}

/** How the load ended. */
export interface LoadEnd {
  /** Failures that are only counted, by outcome: those beyond the plan's limit. */
  readonly unlisted: Readonly<Record<string, number>>
  /** Entries of the ammo that were no request; absent: none. */
  readonly skipped?: number
  /** What is wrong with the ammo as a whole; absent: nothing that was seen. */
  readonly problem?: string
  /** Why a thread died; absent when all ended as they should. */
  readonly lost?: string
}

/**
 * Runs a plan on threads of its own, so that nothing else delays it. Resolves when every planned request has its
 * outcome; aborting the signal stops it early. Never rejects: a thread that dies is `lost`.
 */
export async function generateLoad(
  plan: LoadPlan,
  threads: number,
  listener: LoadListener,
  signal: AbortSignal,
): Promise<LoadEnd> {
  const ends = await Promise.all(
    Array.from({ length: threads }, (_, index) =>
      runThread(shareOf(plan, index, threads), listener, signal),
    ),
  )
  const unlisted: Record<string, number> = {}
  for (const [outcome, count] of ends.flatMap((end) => Object.entries(end.unlisted))) {
    unlisted[outcome] = (unlisted[outcome] ?? 0) + count
  }
  const skipped = ends.reduce((sum, end) => sum + (end.skipped ?? 0), 0)
  const lost = ends.flatMap((end) => end.lost ?? [])
  const [problem] = ends.flatMap((end) => end.problem ?? [])
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

function runThread(plan: LoadPlan, listener: LoadListener, signal: AbortSignal): Promise<LoadEnd> {
  return new Promise((resolve) => {
    const worker = new Worker(siblingModule(import.meta.url, './load-thread'), {
      workerData: { plan, isStopped: signal.aborted } satisfies LoadThreadData,
    })
    let end: LoadEnd | undefined
    let lost: string | undefined
    const stop = () => worker.postMessage('stop')
    signal.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: LoadMessage) => {
      if (message.type === 'ended') {
        end = message.end
        return
      }
      listener.frame(message.frame)
      for (const failure of message.failures) listener.failure(failure)
      if (message.lines !== '') listener.lines?.(message.lines)
    })
    worker.on('error', (error) => {
      lost = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', stop)
      resolve(
        end ?? {
          unlisted: {},
          skipped: 0,
          lost: lost ?? `the load thread ended with code ${code}`,
        },
      )
    })
  })
}
