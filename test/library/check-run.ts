import { expect } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { endpointCounts, fewestReady } from '../../src/analysis/endpoint-counts.ts'
import type { PodStory } from '../../src/analysis/analysis.ts'
import { readRecording } from '../../src/recording/read-recording.ts'
import type { RunResult } from '../../src/report/result.ts'
import { EXIT } from '../../src/verdict/exit-code.ts'
import type { Expectation } from './expectations.ts'

const US_PER_SECOND = 1_000_000

/** A run that is over. */
export interface FinishedRun {
  readonly exitCode: number | string
  readonly result: RunResult
  readonly directory: string
}

/** The figures of the pages are of first runs. */
const MOST_RUNS = process.env['PODTANK_LIBRARY_RECORD'] === '1' ? 1 : 3

/**
 * Runs, and holds the run against what is expected. Of an inconclusive run (exit code 11) the tool itself says that it
 * could not know: one that comes out otherwise is done again, twice at most.
 */
export async function checkRuns(
  run: () => Promise<FinishedRun>,
  expected: Expectation,
): Promise<void> {
  for (let runs = 1; ; runs += 1) {
    const finished = await run()
    try {
      await checkRun(finished, expected)
      return
    } catch (error) {
      if (finished.exitCode !== EXIT.inconclusive || runs === MOST_RUNS) throw error
      console.log(`${expected.name} is done again, an inconclusive run: ${String(error)}`)
    }
  }
}

/**
 * Holds a finished run against what is expected of its scenario. On a machine too busy to generate load evenly the
 * gate withholds the verdict (exit code 11); what happened and why must be as expected all the same.
 */
async function checkRun(run: FinishedRun, expected: Expectation): Promise<void> {
  const { result } = run
  expect(result.ledger.balances).toBe(true)
  expect(brokenLines(result)).toEqual(expected.broken)
  expect(result.causes[0]?.cause ?? 'none').toBe(expected.mainCause)
  expect(run.exitCode).toBe(result.verdict.exitCode)
  const verdict = expected.broken.length === 0 ? EXIT.passed : EXIT.failed
  expect([verdict, EXIT.inconclusive]).toContain(run.exitCode)
  await checkPods(run, expected)
}

/** The lines of `expect:` that do not hold. */
const brokenLines = (result: RunResult): string[] =>
  result.expectations.filter((one) => one.state !== 'met').map((one) => one.text)

async function checkPods(
  { directory, exitCode: ended }: FinishedRun,
  expected: Expectation,
): Promise<void> {
  const read = await readRecording(directory)
  if (!read.ok) throw new Error(read.error.message)
  const pods = analyse(read.value).pods.filter((pod) => pod.exitSeenUs !== undefined)
  const { exitCode, takesWholeGrace, readyAtLeast } = expected
  if (exitCode !== undefined)
    expect(new Set(pods.map((pod) => pod.exitCode))).toEqual(new Set([exitCode]))
  if (takesWholeGrace !== undefined)
    expect(pods.map(tookWholeGrace)).toEqual(pods.map(() => takesWholeGrace))
  // A machine that is too busy is too slow for probes as well.
  if (readyAtLeast !== undefined && ended !== EXIT.inconclusive)
    expect(fewestReady(endpointCounts(read.value), 0, Infinity)).toBe(readyAtLeast)
}

/** But for how much later the deletion may be seen than the end, on a busy cluster. */
const SEEN_LATE_US = 500_000

const tookWholeGrace = ({ deleteSeenUs = 0, exitSeenUs = 0, graceSeconds }: PodStory): boolean =>
  exitSeenUs - deleteSeenUs >= graceSeconds * US_PER_SECOND - SEEN_LATE_US
