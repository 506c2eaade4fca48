import { globSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/podtank.ts'
import { checkRuns } from './check-run.ts'
import { EXPECTATIONS } from './expectations.ts'
import { inTurns } from './in-turns.ts'
import { keepMeasured } from './measured.ts'
import { runFile, scenarioFile } from './run-in-library.ts'

/** One in CI; `PODTANK_LIBRARY_SEEDS=1,2,3` by hand. */
const SEEDS = (process.env['PODTANK_LIBRARY_SEEDS'] ?? '1').split(',')
/** Keeps the figures for the table of docs/scenarios.md, which the page's test then writes with `-u`. */
const RECORDS = process.env['PODTANK_LIBRARY_RECORD'] === '1'

/** Those that other tests run: the demo, and load without a cluster. */
const TESTED_ELSEWHERE = ['demo', 'load', 'delete-pods', 'rolling-restart']

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
/** `php-fpm` is `php-fpm8.2` on Debian. */
const isInstalled = (program: string) =>
  folders.some((folder) => globSync(`${program}{,[0-9]*}`, { cwd: folder }).length > 0)

const jobs = SEEDS.flatMap((seed) => inTurns(EXPECTATIONS).map((one) => ({ ...one, seed })))

describe.concurrent('each scenario of the library comes to its verdict, for its reason', () => {
  it.for(jobs)('$name, seed $seed: $mainCause', async (job, { skip }) => {
    const missing = (job.needs ?? []).filter((program) => !isInstalled(program))
    if (missing.length > 0) skip(`not installed on this machine: ${missing.join(', ')}`)
    await checkRuns(async () => {
      const run = await runFile(scenarioFile(job.name), ['--lab', '--seed', job.seed])
      if (RECORDS) await keepMeasured('lab', job.name, job.seed, run)
      return run
    }, job)
  })
})

it('expects something of every scenario there is', () => {
  const names = globSync('scenarios/*/scenario.yaml', { cwd: ROOT })
    .map((path) => dirname(path).replace(/^scenarios./, ''))
    .filter((name) => !TESTED_ELSEWHERE.includes(name))
  expect(EXPECTATIONS.map((expected) => expected.name).sort()).toEqual(names.sort())
})
