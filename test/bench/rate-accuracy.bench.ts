import { machineLine, measureLoad, print, spread, table } from './measure.ts'
import { startBenchServer } from './start-server.ts'

/** How exact is the rate, counted at the server? Bar: within 0.5 % over any 10 s, no empty 100 ms at ≥ 100/s. */
const SECONDS = 12
const BINS_IN_10_S = 100
const REPEATS = 3

const server = await startBenchServer()
print(machineLine())
await measureLoad({ port: server.port, schedule: 'const(10000,3s)' }, 3)
await server.takeBins()
const rows: string[][] = []
for (const rate of [100, 1_000, 10_000, 20_000]) {
  const runs = []
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    await measureLoad({ port: server.port, schedule: `const(${rate},${SECONDS}s)` }, SECONDS)
    runs.push(accuracy(await server.takeBins(), rate))
  }
  rows.push([
    `${rate}`,
    spread(
      runs.map(({ worstError }) => worstError * 100),
      3,
    ),
    spread(runs.map(({ emptyBins }) => emptyBins)),
    spread(runs.map(({ lowest }) => lowest)),
    spread(runs.map(({ highest }) => highest)),
  ])
}
server.stop()
print(
  table(
    ['rate/s', 'worst error over any 10 s, %', 'empty 100 ms', 'fewest in 100 ms', 'most'],
    rows,
  ),
)

function accuracy(seen: readonly (readonly [number, number])[], rate: number) {
  const first = seen[0]?.[0] ?? 0
  const counts = new Map(seen)
  // The first and the last 100 ms are not whole.
  const bins = Array.from({ length: SECONDS * 10 - 1 }, (_, at) => counts.get(first + 1 + at) ?? 0)
  const windows = Array.from({ length: bins.length - BINS_IN_10_S + 1 }, (_, at) =>
    bins.slice(at, at + BINS_IN_10_S).reduce((sum, count) => sum + count, 0),
  )
  return {
    worstError: Math.max(...windows.map((count) => Math.abs(count / (rate * 10) - 1))),
    emptyBins: bins.filter((count) => count === 0).length,
    lowest: Math.min(...bins),
    highest: Math.max(...bins),
  }
}
