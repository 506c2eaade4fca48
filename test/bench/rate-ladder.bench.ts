import { machineLine, measureLoad, print, table } from './measure.ts'
import { startBenchServer } from './start-server.ts'

/** Up to which rate is one thread on time (p99 lag ≤ 5 ms, all sent), by the use of connections? */
const SECONDS = 5
const LIMIT_MS = 5
const RATES = {
  reuse: [10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000],
  new: [1_000, 2_000, 3_000, 4_000, 5_000, 6_000],
  both: [2_000, 4_000, 6_000, 8_000, 10_000, 12_000],
}

const server = await startBenchServer()
print(machineLine())
await measureLoad({ port: server.port, schedule: 'const(20000,3s)' }, 3)
const rows: string[][] = []
for (const connections of ['reuse', 'new', 'both'] as const) {
  for (const rate of RATES[connections]) {
    const schedule = `const(${rate},${SECONDS}s)`
    const measured = await measureLoad({ port: server.port, connections, schedule }, SECONDS)
    const { lagMs, run, notSent, failed, cores } = measured
    const lags = [0.5, 0.99, 0.999].map((quantile) => lagMs(quantile).toFixed(2))
    rows.push([
      connections,
      `${rate}`,
      ...lags,
      `${run.late}`,
      `${notSent}`,
      `${failed}`,
      cores.toFixed(2),
    ])
    if (lagMs(0.99) > LIMIT_MS || notSent > 0) break
  }
}
server.stop()
print(
  table(
    ['connections', 'rate/s', 'lag p50, ms', 'p99', 'p99.9', 'late', 'not sent', 'failed', 'cores'],
    rows,
  ),
)
