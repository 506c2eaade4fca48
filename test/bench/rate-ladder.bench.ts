import { machineLine, type MeasuredLoad, measureLoad, print, spread, table } from './measure.ts'
import { startBenchServer } from './start-server.ts'

/** Up to which rate is one thread on time (median p99 lag ≤ 5 ms, all sent), by the use of connections? */
const SECONDS = 5
const REPEATS = 3
const LIMIT_MS = 5
const RATES = {
  reuse: [10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000],
  new: [2_000, 4_000, 6_000, 8_000, 10_000],
  both: [4_000, 8_000, 12_000, 16_000, 20_000],
}

const server = await startBenchServer()
print(machineLine())
await measureLoad({ port: server.port, schedule: 'const(20000,3s)' }, 3)
const rows: string[][] = []
for (const connections of ['reuse', 'new', 'both'] as const) {
  for (const rate of RATES[connections]) {
    const runs: MeasuredLoad[] = []
    const schedule = `const(${rate},${SECONDS}s)`
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      runs.push(await measureLoad({ port: server.port, connections, schedule }, SECONDS))
    }
    const of = (figure: (measured: MeasuredLoad) => number, digits = 0) =>
      spread(runs.map(figure), digits)
    const lag99 = of(({ lagMs }) => lagMs(0.99), 2)
    rows.push([
      connections,
      `${rate}`,
      of(({ lagMs }) => lagMs(0.5), 2),
      lag99,
      of(({ run }) => run.late),
      of(({ notSent }) => notSent),
      of(({ failed }) => failed),
      of(({ cores }) => cores, 2),
    ])
    if (parseFloat(lag99) > LIMIT_MS || runs.some(({ notSent }) => notSent > 0)) break
  }
}
server.stop()
print(
  table(
    ['connections', 'rate/s', 'lag p50, ms', 'p99, ms', 'late', 'not sent', 'failed', 'cores'],
    rows,
  ),
)
