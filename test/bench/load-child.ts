import { sparseQuantile } from '../../src/base/histogram.ts'
import { LOAD_LEAD_US } from '../../src/load/load-plan.ts'
import { type LoadOptions, runLoad, totalOf } from '../load/run-load.ts'

/** What a load that ran in a process of its own gave. */
export interface ChildFigures {
  readonly seconds: number
  readonly sent: number
  readonly ok: number
  readonly notSent: number
  readonly bytesIn: number
  /** CPU of the whole process over the schedule's time, s. */
  readonly cpuSeconds: number
  readonly lagUs: Readonly<Record<'p50' | 'p99' | 'p999' | 'max', number>>
  readonly serviceUs: Readonly<Record<'p50' | 'p99', number>>
  readonly rssBytes: number
  readonly outcomes: Readonly<Record<string, number>>
}

/** Runs the plan in argv and prints {@link ChildFigures} as JSON; so that it can be given a core of its own. */
const { seconds, ...options } = JSON.parse(process.argv[2] ?? '{}') as LoadOptions & {
  seconds: number
}
const running = runLoad({ ...options, startInUs: LOAD_LEAD_US })
let before = process.cpuUsage()
setTimeout(() => (before = process.cpuUsage()), LOAD_LEAD_US / 1_000)
const run = await running
const after = process.cpuUsage(before)
const lag = (quantile: number) => sparseQuantile(run.sendLag, quantile) ?? 0
const service = (quantile: number) => sparseQuantile(run.serviceTime, quantile) ?? 0
const figures: ChildFigures = {
  seconds,
  sent: run.sent,
  ok: run.outcomes['ok'] ?? 0,
  notSent: totalOf(run.notSent),
  bytesIn: run.frames.reduce((sum, { ended }) => sum + ended.new.bytesIn + ended.reused.bytesIn, 0),
  cpuSeconds: (after.user + after.system) / 1e6,
  lagUs: { p50: lag(0.5), p99: lag(0.99), p999: lag(0.999), max: lag(1) },
  serviceUs: { p50: service(0.5), p99: service(0.99) },
  rssBytes: process.memoryUsage().rss,
  outcomes: run.outcomes,
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
