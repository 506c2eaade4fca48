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
    }
  | { readonly type: 'ended'; readonly unlisted: Readonly<Record<string, number>> }

/** What a generator thread starts with. */
export interface LoadThreadData {
  readonly plan: LoadPlan
  /** Stopped before it began: nothing is to be sent. */
  readonly isStopped: boolean
}

export interface LoadListener {
  frame(frame: LoadFrame): void
  failure(failure: RequestFailure): void
}

/** How the load ended. */
export interface LoadEnd {
  /** Failures that are only counted, by outcome: those beyond the plan's limit. */
  readonly unlisted: Readonly<Record<string, number>>
  /** Why the thread died; absent when it ended as it should. */
  readonly lost?: string
}

/**
 * Runs a plan on a thread of its own, so that nothing else delays it. Resolves when every planned request
 * has its outcome; aborting the signal stops it early. Never rejects: a thread that dies is `lost`.
 */
export function generateLoad(
  plan: LoadPlan,
  listener: LoadListener,
  signal: AbortSignal,
): Promise<LoadEnd> {
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
        end = { unlisted: message.unlisted }
        return
      }
      listener.frame(message.frame)
      for (const failure of message.failures) listener.failure(failure)
    })
    worker.on('error', (error) => {
      lost = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', stop)
      resolve(end ?? { unlisted: {}, lost: lost ?? `the load thread ended with code ${code}` })
    })
  })
}
