import { fork } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { siblingModule } from '../base/sibling-module.ts'
import type { LoadFrame } from './load-frame.ts'
import type { LoadPlan } from './load-plan.ts'
import type { RequestFailure } from './request-failure.ts'

/** What a generator sends. */
export type GeneratorMessage =
  | {
      readonly type: 'frame'
      readonly frame: LoadFrame
      readonly failures: readonly RequestFailure[]
      /** Of the request log; empty without one. */
      readonly lines: string
    }
  | { readonly type: 'ended'; readonly end: GeneratorEnd }

export interface GeneratorEnd {
  /** Failures that are only counted, by outcome: those beyond the plan's limit. */
  readonly unlisted: Readonly<Record<string, number>>
  /** Entries of the ammo that were no request; absent: none. */
  readonly skipped?: number
  /** What is wrong with the ammo as a whole; absent: nothing that was seen. */
  readonly problem?: string
}

/** What a generator starts with. */
export interface GeneratorData {
  readonly plan: LoadPlan
  /** Stopped before it began: nothing is to be sent. */
  readonly isStopped: boolean
}

export interface GeneratorListener {
  readonly message: (message: GeneratorMessage) => void
  /** It is gone, the last thing that is told; why, in words for people, as far as is known. */
  readonly gone: (why: string) => void
}

/** What a running generator can be told: to stop now, or to plan nothing from an instant on, µs since the run began. */
export type GeneratorOrder =
  { readonly type: 'stop' } | { readonly type: 'finish'; readonly atUs: number }

export type OrderGenerator = (order: GeneratorOrder) => void

/**
 * Starts a generator beside the calling thread: as a thread, or for HTTP/2 as a process, for some of what a server can
 * send makes Node's HTTP/2 abort its whole process (docs/decisions/0007), and putting back what a run has changed must
 * not die with it.
 */
export function startGenerator(data: GeneratorData, listener: GeneratorListener): OrderGenerator {
  return data.plan.load.http === '2' ? startProcess(data, listener) : startThread(data, listener)
}

function startThread(data: GeneratorData, { message, gone }: GeneratorListener): OrderGenerator {
  const worker = new Worker(siblingModule(import.meta.url, './generator'), { workerData: data })
  let why: string | undefined
  worker.on('message', message)
  worker.on('error', (error) => {
    why = error instanceof Error ? error.message : String(error)
  })
  worker.on('exit', (code) => gone(why ?? `the load thread ended with code ${code}`))
  return (order) => worker.postMessage(order)
}

function startProcess(data: GeneratorData, { message, gone }: GeneratorListener): OrderGenerator {
  const child = fork(siblingModule(import.meta.url, './generator'), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // A Ctrl-C is for the whole group; how the load ends is the parent's to say.
    detached: true,
  })
  let why: string | undefined
  child.on('message', (told) => message(told as GeneratorMessage))
  child.on('error', (error) => {
    why = error.message
  })
  child.on('exit', (code, signal) =>
    gone(why ?? `the load process ended with ${signal ?? `code ${code}`}`),
  )
  child.send(data)
  return (order) => {
    if (child.connected) child.send(order)
  }
}
