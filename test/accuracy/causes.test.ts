import { expect, it } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import type { CauseId } from '../../src/analysis/analysis.ts'
import { readRecording } from '../../src/recording/read-recording.ts'
import { labRun } from '../support/lab-run.ts'
import { type AccuracyCase, CASES } from './cases.ts'
import { trueCauses } from './true-cause.ts'
import { readTruth } from './truth.ts'

const SEEDS = (process.env['PODTANK_ACCURACY_SEEDS'] ?? '1,2').split(',').map(Number)
/** Of more the proxies fall behind, and what they had not sent on yet cannot be told from what was cut. */
const AT_ONCE = 2
const ENOUGH = 10

interface Score {
  /** Undefined when the lab's truth does not hold this failure. */
  readonly truth: CauseId | undefined
  readonly found: CauseId
}

async function score(one: AccuracyCase, seed: number): Promise<Score[]> {
  const run = await labRun({ scenario: one.scenario, manifest: one.manifest, seed })
  const recording = await readRecording(run.directory)
  if (!recording.ok) throw new Error(recording.error.message)
  const analysis = analyse(recording.value)
  const truth = readTruth(recording.value, run.truthPath)
  const causes = trueCauses(recording.value, truth, one.story)
  const scores = [...analysis.causeOf].map(([seq, attribution]) => ({
    truth: causes.get(seq),
    found: attribution.cause,
  }))
  unknown.push(...scores.filter((score) => !score.truth).map(() => `${one.name}, seed ${seed}`))
  unseen.push(...truth.unseen.map((line) => `${one.name}, seed ${seed}: ${JSON.stringify(line)}`))
  console.log(`${one.name}, seed ${seed}: ${tally(scores)}`)
  return scores
}

/** `12 CRASH`, and `3 CRASH taken for OOM`. */
function tally(scores: readonly Score[]): string {
  const counts = new Map<string, number>()
  for (const { truth, found } of scores) {
    const words = truth === found ? found : `${truth ?? 'not in the truth'} taken for ${found}`
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  return [...counts].map(([words, count]) => `${count} ${words}`).join(', ') || 'nothing failed'
}

/** Runs with failures that the truth does not hold, and lines of the truth that no client saw, run by run. */
const unknown: string[] = []
const unseen: string[] = []

async function scoreAll(): Promise<Score[]> {
  const jobs = SEEDS.flatMap((seed) => CASES.map((one) => ({ one, seed })))
  const scores: Score[] = []
  const work = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift())
      scores.push(...(await score(job.one, job.seed)))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return scores
}

interface Row {
  readonly cause: CauseId | undefined
  readonly failures: number
  readonly precision: string
  readonly recall: string
}

const wordsOf = ({ cause, failures, precision, recall }: Row) =>
  `${cause}: precision ${precision}, recall ${recall} of ${failures}`

const share = (scores: readonly Score[]) =>
  scores.filter((one) => one.truth === one.found).length / Math.max(1, scores.length)

it('finds the true cause of 97 % of the failures, is right in 97 % of what it says, and in 80 % of each cause', async () => {
  const all = await scoreAll()
  const scores = all.filter((one) => one.truth !== undefined)
  const causes = [...new Set(scores.flatMap((one) => [one.truth, one.found]))].sort()
  const rows = causes.map((cause): Row => {
    const found = scores.filter((one) => one.found === cause)
    const real = scores.filter((one) => one.truth === cause)
    return {
      cause,
      failures: real.length,
      precision: share(found).toFixed(3),
      recall: share(real).toFixed(3),
    }
  })
  console.table(rows)
  const precision = share(scores.filter((one) => one.found !== 'unexplained'))
  const recall = share(scores)
  console.log(
    `${SEEDS.length * CASES.length} runs, ${all.length} failures, ${all.length - scores.length} of them not in the truth: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
  )
  // Σ truth = Σ failures, run by run; those cut off by the end of the load are no failures.
  expect(unknown).toEqual([])
  expect(unseen).toEqual([])
  expect(precision).toBeGreaterThanOrEqual(0.97)
  expect(recall).toBeGreaterThanOrEqual(0.97)
  const weak = rows.filter((row) => Math.min(Number(row.precision), Number(row.recall)) < 0.8)
  // Of fewer the share says nothing.
  expect(weak.filter(({ failures }) => failures >= ENOUGH).map(wordsOf)).toEqual([])
  // Every cause of this stage but the generator's own must have been at work.
  expect(new Set(scores.map((one) => one.truth)).size).toBeGreaterThanOrEqual(16)
}, 1_200_000)
