import { figuresOf, runPodtank, runWrk, users } from './beside.ts'
import { machineLine, print, spread, table, waitForQuiet } from './measure.ts'
import { startNginx } from './start-nginx.ts'

/** How much does one thread take in? Bar: ≥ 5 Gbit/s with large bodies over loopback. */
const SECONDS = 4
const REPEATS = 3

const nginx = await startNginx()
print(`${machineLine()} · ${nginx.version}`)
const rows: string[][] = []
for (const [path, bytes, connections] of [
  ['/1k', 1_000, 50],
  ['/100k', 100_000, 20],
  ['/10m', 10_000_000, 8],
] as const) {
  const ours: number[] = []
  const theirs: number[] = []
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    await waitForQuiet()
    const load = { port: nginx.port, seconds: SECONDS, requests: [{ path }] }
    const figures = await runPodtank({ ...load, ...users(connections, SECONDS) })
    ours.push(figuresOf(figures).requestsPerSecond)
    const url = `http://127.0.0.1:${nginx.port}${path}`
    theirs.push((await runWrk(SECONDS, [`-c${connections}`, url])).requestsPerSecond)
  }
  const gigabits = (rates: readonly number[]) =>
    spread(
      rates.map((rate) => (rate * bytes * 8) / 1e9),
      2,
    )
  rows.push([path, spread(ours), gigabits(ours), spread(theirs), gigabits(theirs)])
}
print(table(['body', 'podtank, requests/s', 'Gbit/s', 'wrk, requests/s', 'Gbit/s'], rows))
nginx.stop()
