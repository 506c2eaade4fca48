import { existsSync, readFileSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { RunResult } from '../../src/report/result.ts'
import { allGone, podtank } from '../support/podtank.ts'

it('the demo performs the experiment three times, and ends with the table, the fix and the reports', async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'podtank-demo-')), 'demo')
  const demo = podtank(['demo', '--out', out], { marker: 'demo' })
  // 11: on a busy machine the figures may be refused; they are what happened all the same.
  expect([0, 11]).toContain(await demo.ended)
  const results = ['sigterm', 'sigquit', 'prestop'].map(
    (arm) => JSON.parse(readFileSync(join(out, arm, 'result.json'), 'utf8')) as RunResult,
  )
  const failed = results.map(({ ledger }) => ledger.sent - (ledger.outcomes['ok'] ?? 0))
  const [sigterm = 0, sigquit = 0, prestop] = failed
  expect(results.map(({ ledger }) => [ledger.planned, ledger.balances])).toEqual([
    [1_400, true],
    [1_400, true],
    [1_400, true],
  ])
  // How many fail with SIGQUIT depends on what the ingress saw at its first sync, mostly 60 to 250, once 3: nginx's own race.
  expect(sigterm).toBeGreaterThan(0)
  expect(prestop).toBe(0)
  const causes = results.map((result) => result.causes.map((cause) => cause.cause))
  expect(causes[0]).toContain('INFLIGHT_CUT_AT_TERM')
  expect(causes[1]?.[0]).toBe(sigquit === 0 ? undefined : 'EXIT_BEFORE_DEREGISTER')
  const said = demo.stdout()
  for (const arm of ['sigterm', 'sigquit', 'prestop']) {
    expect(said).toMatch(new RegExp(`^${arm} +[\\d,]+ of 1,400 `, 'm'))
    expect(existsSync(join(out, arm, 'report.html'))).toBe(true)
  }
  expect(said).toContain('sleep: { seconds: ')
  await allGone('demo')
}, 150_000)
