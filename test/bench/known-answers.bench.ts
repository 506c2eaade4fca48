import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicUs } from '../../src/base/clock.ts'
import { bucketValue, type SparseHistogram, sparseQuantile } from '../../src/base/histogram.ts'
import { siblingModule } from '../../src/base/sibling-module.ts'
import { LOAD_LEAD_US } from '../../src/load/load-plan.ts'
import { runLoad } from '../load/run-load.ts'
import { machineLine, print, spread, table, waitForQuiet } from './measure.ts'

/**
 * Is a stall of the server seen whole? At a constant rate over D with one stall of P, a share f = P/D of the requests
 * waits, evenly between 0 and P, so quantile q = P·(1 − (1 − q)/f). Bar: p95, p99 and p99.9 within 3 %; with few
 * connections the stall is in the service time of those in flight alone.
 */
const RATE = 1_000
const SECONDS = 20
const STALL_MS = 2_000
const REPEATS = 3
const QUANTILES = [0.95, 0.99, 0.999]

const formulaUs = (quantile: number, stallUs: number) =>
  stallUs * (1 - ((1 - quantile) * SECONDS * 1e6) / stallUs)

interface Stalled {
  readonly stallUs: number
  readonly responseTime: SparseHistogram
  readonly serviceTime: SparseHistogram
  readonly failed: number
}

/** One run; the server is stopped in the middle of it, whole. */
async function stalled(maxConnections: number): Promise<Stalled> {
  const server = fork(siblingModule(import.meta.url, './answering-server'))
  const [{ port }] = (await once(server, 'message')) as [AddressInfo]
  await waitForQuiet()
  const schedule = `const(${RATE},${SECONDS}s)`
  const running = runLoad({ port, schedule, maxConnections, startInUs: LOAD_LEAD_US })
  await sleep(LOAD_LEAD_US / 1_000 + 8_000)
  const fromUs = monotonicUs()
  server.kill('SIGSTOP')
  await sleep(STALL_MS)
  server.kill('SIGCONT')
  const stallUs = monotonicUs() - fromUs
  const { responseTime, serviceTime, planned, outcomes } = await running
  server.kill()
  return { stallUs, responseTime, serviceTime, failed: planned - (outcomes['ok'] ?? 0) }
}

/** How many samples are beyond half the stall. */
function long(times: SparseHistogram, { stallUs }: Stalled): number {
  const counts = times.filter(
    (_, at) => at % 2 === 1 && bucketValue(times[at - 1] ?? 0) > stallUs / 2,
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

function rowsOf(connections: number, runs: readonly Stalled[]): string[][] {
  const name = `${connections} connections`
  const ms = (us = NaN) => us / 1_000
  const quantileRows = QUANTILES.map((quantile) => {
    const seen = runs.map(({ responseTime }) => sparseQuantile(responseTime, quantile) ?? NaN)
    const expected = runs.map(({ stallUs }) => formulaUs(quantile, stallUs))
    const offBy = seen.map((us, at) => 100 * (us / (expected[at] ?? NaN) - 1))
    return [
      `${name}: p${quantile * 100}, ms`,
      spread(expected.map(ms)),
      spread(seen.map(ms)),
      spread(offBy, 2),
    ]
  })
  const atMost = String(Math.min(connections, (RATE * STALL_MS) / 2_000))
  return [
    ...quantileRows,
    [
      `${name}: service times beyond half the stall`,
      atMost,
      spread(runs.map((run) => long(run.serviceTime, run))),
      '',
    ],
    [`${name}: failed or not sent`, '0', spread(runs.map(({ failed }) => failed)), ''],
  ]
}

print(machineLine())
const rows: string[][] = []
for (const connections of [8, 4_096]) {
  const runs: Stalled[] = []
  for (let repeat = 0; repeat < REPEATS; repeat++) runs.push(await stalled(connections))
  rows.push(...rowsOf(connections, runs))
}
print(machineLine())
print(
  table(
    [
      `const(${RATE},${SECONDS}s), stopped for ${STALL_MS} ms`,
      'formula, or at most',
      `seen, ${REPEATS} runs`,
      'off by, %',
    ],
    rows,
  ),
)
