import { cpus, loadavg, release } from 'node:os'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { sparseQuantile } from '../../src/base/histogram.ts'
import { LOAD_LEAD_US } from '../../src/load/load-plan.ts'
import { type LoadOptions, type LoadRun, runLoad, totalOf } from '../load/run-load.ts'

/** Where and with what a figure was measured. */
export function machineLine(): string {
  const processors = cpus()
  const load = loadavg().map((value) => value.toFixed(2))
  const date = new Date().toISOString().slice(0, 16)
  return `${date}Z · ${processors.length} × ${processors[0]?.model.trim() ?? '?'} · Linux ${release()} · Node ${process.version} · load average ${load.join(' ')}`
}

/** `median (lowest–highest)`. */
export function spread(values: readonly number[], digits = 0): string {
  const sorted = values.toSorted((left, right) => left - right)
  const show = (value = NaN) => value.toFixed(digits)
  return `${show(sorted[Math.floor(sorted.length / 2)])} (${show(sorted[0])}–${show(sorted.at(-1))})`
}

/** A table as Markdown, to be pasted into docs/benchmarks.md. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

export const print = (text: string): void => void process.stdout.write(`${text}\n`)

/** What one run under measurement gave. */
export interface MeasuredLoad {
  readonly run: LoadRun
  readonly lagMs: (quantile: number) => number
  readonly notSent: number
  readonly failed: number
  /** CPU of the generator's whole process over the schedule's time: 1 is one core. */
  readonly cores: number
}

const busyMs = () =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)

/** Waits for a second in which the machine does next to nothing; after two minutes says that it is not quiet. */
export async function waitForQuiet(): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt++) {
    const before = busyMs()
    await sleep(1_000)
    if ((busyMs() - before) / (1_000 * cpus().length) < 0.05) return
  }
  print('(the machine is not quiet)')
}

/** Runs a load on a quiet machine as `podtank run` does, with the lead that the thread needs to warm up. */
export async function measureLoad(options: LoadOptions, seconds: number): Promise<MeasuredLoad> {
  await waitForQuiet()
  const running = runLoad({ ...options, startInUs: LOAD_LEAD_US })
  const timer = setTimeout(() => (before = process.cpuUsage()), LOAD_LEAD_US / 1_000)
  let before = process.cpuUsage()
  const run = await running
  clearTimeout(timer)
  const { user, system } = process.cpuUsage(before)
  return {
    run,
    lagMs: (quantile) => (sparseQuantile(run.sendLag, quantile) ?? NaN) / 1_000,
    notSent: totalOf(run.notSent),
    failed: run.sent - (run.outcomes['ok'] ?? 0),
    cores: (user + system) / 1e6 / seconds,
  }
}

/** Nanoseconds that a function takes, over so many calls after as many to warm up. */
export function nanosecondsEach(calls: number, work: () => void): number {
  for (let call = 0; call < calls; call++) work()
  const startedMs = performance.now()
  for (let call = 0; call < calls; call++) work()
  return ((performance.now() - startedMs) * 1e6) / calls
}
