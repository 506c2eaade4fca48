import { describe, expect, it } from 'vitest'
import type { GateCase } from './gate-case.ts'
import { isFlagged, runCase, truthOf } from './run-case.ts'

const SHORT = ['-s', 'const(300,2s)']
const USERS = ['-u', '10', '--duration', '2s']

/**
 * A few of the runs of gate.ts. How disturbed a run was is decided by what the server saw, not by what was done to
 * the generator, so a machine that has other work cannot turn a test red.
 */
const CASES: readonly (GateCase & { readonly refusedBy?: string })[] = [
  { load: SHORT, serviceMs: 5, disturbance: { kind: 'none' } },
  { load: USERS, serviceMs: 5, disturbance: { kind: 'none' } },
  {
    load: SHORT,
    serviceMs: 5,
    disturbance: { kind: 'stalls', stallMs: 100, everyMs: 200 },
    refusedBy: 'send lag p99',
  },
  {
    load: USERS,
    serviceMs: 5,
    disturbance: { kind: 'stalls', stallMs: 100, everyMs: 200 },
    refusedBy: 'event-loop delay p99',
  },
  {
    load: [...SHORT, '--timeout', '1s'],
    serviceMs: 20,
    disturbance: { kind: 'pool', connections: 1 },
    refusedBy: 'pool wait p99',
  },
]

describe('the validity gate', () => {
  it.each(CASES)('tells $disturbance of $load as the server saw it', async (gateCase) => {
    const run = await runCase(gateCase)
    const truth = truthOf(run)
    if (gateCase.disturbance.kind !== 'none') expect(truth).toBe('invalid')
    if (truth === 'invalid') expect(isFlagged(run)).toBe(true)
    if (gateCase.refusedBy !== undefined) expect(run.refusedBy).toContain(gateCase.refusedBy)
    // An own share of the p99 of a few milliseconds is what the timer makes on an idle machine.
    if (run.ownP99Us < 5_000 && truth === 'fine') expect(run.refusedBy).toEqual([])
  })

  it.runIf(process.platform === 'linux')(
    'refuses before the start what needs more descriptors than there are',
    async () => {
      const run = await runCase({
        load: ['-s', 'const(500,2s)', '--connections', 'new'],
        serviceMs: 5,
        disturbance: { kind: 'descriptors', limit: 100 },
      })
      expect(run.exitCode).toBe(13)
      expect(run.stderr).toContain('100 file descriptors')
      expect(run.seen).toBe(0)
    },
  )
})
