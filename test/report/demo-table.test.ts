import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { buildResult } from '../../src/report/build-result.ts'
import { renderDemo } from '../../src/report/demo-table.ts'
import type { RunResult } from '../../src/report/result.ts'
import { judge } from '../../src/verdict/judge.ts'
import { makeLoadRecording } from '../support/make-load-recording.ts'

const recording = makeLoadRecording({})
const analysis = analyse(recording)
const base = buildResult(recording, analysis, judge(recording, analysis))

function arm(
  scenario: string,
  outcomes: Record<string, number>,
  more: { statuses?: Record<string, number>; cause?: string; isUnsure?: boolean } = {},
): RunResult {
  const failed = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
  const summary = { count: 3, p50Us: 2, p95Us: 3, maxUs: 4_210_000 }
  return {
    ...base,
    scenario,
    ledger: { ...base.ledger, planned: 1_400, outcomes: { ok: 1_400 - failed, ...outcomes } },
    statuses: more.statuses ?? {},
    verdict: {
      ...base.verdict,
      outcome: more.isUnsure ? 'inconclusive' : base.verdict.outcome,
      sentence: `${failed} of 1,400 requests failed in one window, which is far more than expected here`,
    },
    causes: more.cause === undefined ? [] : [{ ...base.causes[0], cause: more.cause }],
    drain: { pods: 3, new: summary },
  } as RunResult
}

const usual = [
  arm(
    'sigterm',
    { 'bad-status': 131, 'response-timeout': 2 },
    { statuses: { 200: 1_267, 502: 131 }, cause: 'INFLIGHT_CUT_AT_TERM' },
  ),
  arm(
    'sigquit',
    { 'bad-status': 1_086, 'connection-refused': 12, 'response-timeout': 2 },
    { statuses: { 502: 1_000, 503: 80, 504: 6 }, cause: 'EXIT_BEFORE_DEREGISTER', isUnsure: true },
  ),
  arm('prestop', {}),
]

describe('the table at the end of the demo', () => {
  it('fits 80 columns and leaves no figure out', () => {
    const lines = renderDemo(usual, ['reports/demo/sigterm/report.html']).split('\n')
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80)
    const text = lines.join(' ').replace(/\s+/g, ' ')
    for (const figure of ['133 of 1,400', '131 bad-status (502)', '2 response-timeout', '4.21 s'])
      expect(text).toContain(figure)
    for (const figure of ['1,100 of 1,400', '1,086', '12', '503,', '504)', '(inconclusive)'])
      expect(text).toContain(figure)
  })

  it('gives what failed only the room that it needs', () => {
    const [sigterm, , prestop] = usual as [RunResult, RunResult, RunResult]
    expect(renderDemo([sigterm, prestop], []).split('\n').slice(1, 5)).toEqual([
      '         failed        by class               main cause            drain',
      'sigterm  133 of 1,400  131 bad-status (502),  INFLIGHT_CUT_AT_TERM  4.21 s',
      '                       2 response-timeout',
      'prestop  0 of 1,400    –                      –                     4.21 s',
    ])
  })
})
