import { startHostileServer, blackHole } from '../support/hostile-server.ts'
import { machineLine, measureLoad, print, spread, table } from './measure.ts'

/** How long after its deadline does a request end that nobody answers? Bar: p99 ≤ 20 ms, never above 50 ms. */
const REPEATS = 5
const TIMEOUT_US = 1_000_000

await using server = await startHostileServer(blackHole)
print(machineLine())
const runs: number[][] = []
for (let repeat = 0; repeat < REPEATS; repeat++) {
  const { run } = await measureLoad(
    { port: server.port, schedule: 'const(1000,3s)', timeoutUs: TIMEOUT_US },
    3,
  )
  runs.push(
    run.failures
      .map(({ sentAtUs, endedAtUs }) => (endedAtUs - sentAtUs - TIMEOUT_US) / 1_000)
      .sort((left, right) => left - right),
  )
}
const share = (quantile: number) =>
  spread(
    runs.map((overMs) => overMs[Math.ceil(quantile * overMs.length) - 1] ?? NaN),
    2,
  )
print(
  table(
    ['const(1000,3s) into a black hole, time-out 1 s', `median (range) of ${REPEATS}`],
    [
      ['ended after the deadline, p50, ms', share(0.5)],
      ['p99, ms', share(0.99)],
      ['max, ms', share(1)],
    ],
  ),
)
