import type { ChildFigures } from './load-child.ts'
import { runPodtank, runWrk } from './beside.ts'
import { machineLine, print, spread, table, waitForQuiet } from './measure.ts'
import { startNginx } from './start-nginx.ts'

/**
 * Does one thread hold 0.8 × wrk's closed-loop figure, open loop and with full accounting? Bars: p99 send lag ≤ 2 ms on
 * a timer, ≤ 0.5 ms spinning.
 */
const SECONDS = 30
const REPEATS = 2

const nginx = await startNginx()
print(`${machineLine()} · ${nginx.version}, wrk (Debian)`)
await waitForQuiet()
const wrk = await runWrk(5, ['-c50', `http://127.0.0.1:${nginx.port}/`])
const rates = [0.5, 0.8].map((share) => Math.round(wrk.requestsPerSecond * share))
print(`wrk, closed loop: ${Math.round(wrk.requestsPerSecond)} requests/s`)
const rows: string[][] = []
for (const pace of ['timer', 'spin'] as const) {
  for (const rate of rates) {
    const runs: ChildFigures[] = []
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      await waitForQuiet()
      const schedule = `const(${rate},${SECONDS}s)`
      runs.push(await runPodtank({ port: nginx.port, seconds: SECONDS, schedule, pace }))
    }
    const lag = (quantile: keyof ChildFigures['lagUs']) =>
      spread(
        runs.map(({ lagUs }) => lagUs[quantile] / 1_000),
        2,
      )
    rows.push([
      pace,
      String(rate),
      spread(
        runs.map(({ ok }) => ok / SECONDS / rate),
        4,
      ),
      lag('p50'),
      lag('p99'),
      lag('max'),
      spread(
        runs.map(({ cpuSeconds }) => cpuSeconds / SECONDS),
        2,
      ),
    ])
  }
}
print(
  table(
    ['pace', 'planned/s', 'answered of it', 'lag p50, ms', 'p99, ms', 'max, ms', 'cores'],
    rows,
  ),
)
nginx.stop()
