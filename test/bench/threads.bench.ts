import { figuresOf, runPodtank, users } from './beside.ts'
import { machineLine, print, spread, table, waitForQuiet } from './measure.ts'
import { startNginx } from './start-nginx.ts'

/** What does a second thread bring, on a machine whose other core is the server's? Closed loop, 50 connections. */
const SECONDS = 5
const REPEATS = 3

const nginx = await startNginx()
print(`${machineLine()} · ${nginx.version} on core 0, the generator on all cores`)
const rows: string[][] = []
for (const threads of [1, 2]) {
  const rates: number[] = []
  const perCpu: number[] = []
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    await waitForQuiet()
    const figures = figuresOf(
      await runPodtank(
        { port: nginx.port, seconds: SECONDS, threads, ...users(50, SECONDS) },
        '0-63',
      ),
    )
    rates.push(figures.requestsPerSecond)
    perCpu.push(figures.requestsPerCpuSecond)
  }
  rows.push([String(threads), spread(rates), spread(perCpu)])
}
print(table(['threads', 'requests/s', 'requests per CPU second'], rows))
nginx.stop()
