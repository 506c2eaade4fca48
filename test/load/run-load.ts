import { mergeSparse, type SparseHistogram } from '../../src/base/histogram.ts'
import { monotonicUs } from '../../src/base/clock.ts'
import { generateLoad, type LoadEnd } from '../../src/load/generate-load.ts'
import type { LoadFrame } from '../../src/load/load-frame.ts'
import type { LoadPlan, RequestLogFormat, TlsMaterial } from '../../src/load/load-plan.ts'
import type { ConnectionUse, RequestFailure } from '../../src/load/request-failure.ts'
import { schedule } from '../../src/load/schedule.ts'
import { readSchedule } from '../../src/scenario/read-schedule.ts'
import type { LoadSpec, RequestSpec } from '../../src/scenario/scenario.ts'

/** A run of the load engine, added up from its frames. */
export interface LoadRun {
  readonly planned: number
  readonly frames: readonly LoadFrame[]
  readonly failures: readonly RequestFailure[]
  readonly end: LoadEnd
  /** Of the request log. */
  readonly lines: string
  readonly due: number
  readonly sent: number
  readonly late: number
  readonly notSent: Readonly<Record<string, number>>
  readonly outcomes: Readonly<Record<string, number>>
  readonly byUse: Readonly<Record<ConnectionUse, Readonly<Record<string, number>>>>
  readonly statuses: Readonly<Record<string, number>>
  readonly responseTime: SparseHistogram
  readonly serviceTime: SparseHistogram
  readonly sendLag: SparseHistogram
}

export interface LoadOptions extends Partial<Omit<LoadSpec, 'schedule' | 'requests'>> {
  readonly port: number
  readonly host?: string
  /** Present: https. */
  readonly tlsMaterial?: TlsMaterial
  /** In the words of a scenario file. */
  readonly schedule?: string
  readonly requests?: readonly Partial<RequestSpec>[]
  readonly requestLog?: RequestLogFormat
  readonly maxListedFailures?: number
  readonly startInUs?: number
}

export const START_IN_US = 100_000

/** A plan whose schedule begins soon. */
export function planLoad(options: LoadOptions): LoadPlan {
  const { port, host, tlsMaterial, schedule: words, requests, requestLog, ...more } = options
  const { maxListedFailures, startInUs, ...spec } = more
  return {
    load: {
      connections: 'reuse',
      timeoutUs: 5_000_000,
      maxConnections: 4_096,
      identityHeader: 'x-pod-name',
      ...spec,
      schedule: spec.users ? [] : partsOf(words ?? 'const(500,200ms)'),
      requests: (requests ?? [{}]).map((request) => ({
        method: 'GET',
        path: '/',
        headers: {},
        weight: 1,
        okStatuses: [],
        ...request,
      })),
    },
    address: {
      host: host ?? '127.0.0.1',
      port,
      hostHeader: 'shop.test',
      ...(tlsMaterial && { tls: tlsMaterial }),
    },
    runStartedAtUs: monotonicUs(),
    loadStartsAtUs: startInUs ?? START_IN_US,
    maxListedFailures: maxListedFailures ?? 10_000,
    ...(requestLog && { requestLog }),
  }
}

function partsOf(words: string): LoadSpec['schedule'] {
  const parts = readSchedule(words)
  if (!Array.isArray(parts)) throw new Error(parts.message)
  return parts
}

/** Runs a plan on its own thread to the end, or until the signal stops it. */
export async function runLoad(
  options: LoadOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<LoadRun> {
  const plan = planLoad(options)
  let lines = ''
  const frames: LoadFrame[] = []
  const failures: RequestFailure[] = []
  const listener = {
    frame: (frame: LoadFrame) => void frames.push(frame),
    failure: (failure: RequestFailure) => void failures.push(failure),
    lines: (text: string) => void (lines += text),
  }
  const end = await generateLoad(plan, options.threads ?? 1, listener, signal)
  return { ...addUp(plan, frames, failures, end), lines }
}

/** A run added up. */
export function addUp(
  plan: LoadPlan,
  frames: readonly LoadFrame[],
  failures: readonly RequestFailure[],
  end: LoadEnd,
): LoadRun {
  const ended = frames.flatMap((frame) => [frame.ended.new, frame.ended.reused])
  const uses = {
    new: sum(frames.map((frame) => frame.ended.new.outcomes)),
    reused: sum(frames.map((frame) => frame.ended.reused.outcomes)),
  }
  return {
    // Where nobody could know the number before, what fell due is what was planned.
    planned: plan.load.users
      ? frames.reduce((total, frame) => total + frame.due, 0)
      : schedule(plan.load.schedule).count,
    frames,
    failures,
    end,
    lines: '',
    due: frames.reduce((total, frame) => total + frame.due, 0),
    sent: frames.reduce((total, frame) => total + frame.sent, 0),
    late: frames.reduce((total, frame) => total + frame.late, 0),
    notSent: sum(frames.map((frame) => frame.notSent)),
    outcomes: sum(ended.map(({ outcomes }) => outcomes)),
    byUse: uses,
    statuses: sum(ended.map(({ statuses }) => statuses)),
    responseTime: mergeSparse(ended.map(({ responseTime }) => responseTime)),
    serviceTime: mergeSparse(ended.map(({ serviceTime }) => serviceTime)),
    sendLag: mergeSparse(frames.map(({ sendLag }) => sendLag)),
  }
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const one of counts) {
    for (const [name, count] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}

/** All the counts of a record together. */
export const totalOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)
