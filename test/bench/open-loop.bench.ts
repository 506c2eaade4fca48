import { sparseQuantile } from '../../src/base/histogram.ts'
import { machineLine, type MeasuredLoad, measureLoad, print, spread, table } from './measure.ts'
import { startBenchServer } from './start-server.ts'

/** Does one thread hold 20,000 requests a second on time, over connections that are reused? Bar: p99 lag ≤ 5 ms. */
const SECONDS = 10
const REPEATS = 5

const server = await startBenchServer()
print(machineLine())
await measureLoad({ port: server.port, schedule: 'const(20000,3s)' }, 3)
const runs: MeasuredLoad[] = []
for (let repeat = 0; repeat < REPEATS; repeat++) {
  runs.push(await measureLoad({ port: server.port, schedule: `const(20000,${SECONDS}s)` }, SECONDS))
}
server.stop()

const lag = (quantile: number) =>
  spread(
    runs.map(({ lagMs }) => lagMs(quantile)),
    2,
  )
const firstFrames = runs.map(
  ({ run }) => (sparseQuantile(run.frames[0]?.sendLag ?? [], 0.99) ?? NaN) / 1_000,
)
print(
  table(
    ['const(20000,10s), reuse', `median (range) of ${REPEATS}`],
    [
      ['send lag p50, ms', lag(0.5)],
      ['send lag p99, ms', lag(0.99)],
      ['send lag p99.9, ms', lag(0.999)],
      ['send lag max, ms', lag(1)],
      ['send lag p99 in the first 100 ms, ms', spread(firstFrames, 2)],
      ['sent more than 10 ms late', spread(runs.map(({ run }) => run.late))],
      ['not sent', spread(runs.map(({ notSent }) => notSent))],
      ['failed', spread(runs.map(({ failed }) => failed))],
      ['connections opened', spread(runs.map(({ run }) => run.byUse.new['ok'] ?? 0))],
      [
        'cores used by the generator',
        spread(
          runs.map(({ cores }) => cores),
          2,
        ),
      ],
    ],
  ),
)
