import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { buildResult } from '../../src/report/build-result.ts'
import { resultSchema } from '../../src/report/result.ts'
import { renderText } from '../../src/report/text.ts'
import { judge } from '../../src/verdict/judge.ts'
import { type MadeLoad, makeLoadRecording } from '../support/make-load-recording.ts'
import { reportOf } from '../support/report-of.ts'

const HOSTILE = `"'></script><script>alert(1)</script>\u001b]52;c;AAAA\u0007\u202e`

function resultOf(options: MadeLoad = {}) {
  const recording = makeLoadRecording(options)
  const analysis = analyse(recording)
  return buildResult(recording, analysis, judge(recording, analysis))
}

/** What the report shows, without tags. */
const shown = (html: string) =>
  (/<main>([^]*)<\/main>/.exec(html)?.[1] ?? '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

describe('the result of load alone', () => {
  it('has rates, bytes, failures by class and connection, and tags', () => {
    const result = resultOf()
    expect(resultSchema.parse(result)).toEqual(result)
    expect(result.rate).toEqual({ planned: 50, sent: 50, answered: 49 })
    expect(result.bytesIn).toBe(490 * 200)
    expect(result.statuses).toEqual({ 200: 480, 503: 10 })
    expect(result.failures).toEqual([
      {
        name: 'reset-before-response',
        count: 10,
        connections: { new: 0, reused: 10 },
        firstDueUs: 380_000,
        lastDueUs: 9_380_000,
        details: ['ECONNRESET'],
      },
      {
        name: 'bad-status 503',
        count: 10,
        connections: { new: 0, reused: 10 },
        firstDueUs: 780_000,
        lastDueUs: 9_780_000,
        details: [],
      },
    ])
    expect(result.byTag).toMatchObject({ goods: { ended: 300, bytesIn: 60_000 } })
    expect(result.responseTime).toMatchObject({ count: 490, p50Us: 2_000 })
  })

  it('names no cause, for without a cluster none can be known', () => {
    const result = resultOf()
    expect(result.causes).toEqual([])
    expect(result.windows.flatMap(({ causes }) => causes)).toEqual([])
    expect(result.verdict.sentence).toBe(
      '20 of 500 requests failed (4 %): 10 reset-before-response, 10 bad-status 503; the first was due at 0.380 s.',
    )
  })

  it('says what stopped it, with Tank’s exit code', () => {
    const result = resultOf({ isStopped: true })
    expect(result.stop).toMatchObject({ kind: 'http', tankExitCode: 22, ratePerSecond: 50 })
    expect(result.verdict.exitCode).toBe(14)
    expect(result.verdict.sentence).toMatch(
      /^Stopped after 10\.0 s by http\(5xx,1,10s\): 1 × 5xx ≥ 1, at 50 requests\/s\. 20 of 500/,
    )
  })

  it('counts what is not listed one by one', () => {
    const recording = makeLoadRecording()
    const failures = recording.failures.slice(0, 5)
    const cut = { ...recording, failures }
    const analysis = analyse(cut)
    const result = buildResult(cut, analysis, judge(cut, analysis))
    expect(result.failures?.map(({ name, count }) => [name, count])).toEqual([
      ['bad-status (not listed)', 8],
      ['reset-before-response (not listed)', 7],
      ['reset-before-response', 3],
      ['bad-status 503', 2],
    ])
  })
})

describe('the summary of load alone', () => {
  it('is whole and at most 80 columns wide', async () => {
    const text = renderText(resultOf({ isStopped: true }))
    await expect(`${text}\n`).toMatchFileSnapshot('load-summary.txt')
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

describe('the report of load alone', () => {
  it('shows nothing of a cluster', () => {
    expect(
      /.{0,40}(?:endpoint|watch gap|drain|pods?\b).{0,40}/i.exec(
        shown(reportOf(makeLoadRecording())),
      )?.[0],
    ).toBe(undefined)
  })

  it('shows quantiles, failures, tags, the machine, and the criterion that stopped it', () => {
    const text = shown(reportOf(makeLoadRecording({ isStopped: true })))
    expect(text).toContain('p99.99 30.0 ms 29.0 ms')
    expect(text).toContain('reset-before-response 10 2 % 0 10 0.380 s 9.380 s ECONNRESET')
    expect(text).toContain('goods 300 300 0 2.00 ms')
    expect(text).toContain('cpu busy')
    expect(text).toContain('Stopped by http(5xx,1,10s)')
  })

  it('stays below 250 kB for ten minutes', () => {
    const html = reportOf(makeLoadRecording({ seconds: 600 }))
    expect(Buffer.byteLength(html)).toBeLessThan(250_000)
  })

  it('has the same elements whatever the strings are', () => {
    const shape = (hostile: string) =>
      reportOf(makeLoadRecording({ hostile, isStopped: true }))
        .replace(/<script>[^]*?<\/script>|<style>[^]*?<\/style>/g, '')
        .match(/<\/?[a-z][a-z0-9]*/g)
        ?.join('')
    expect(shape(HOSTILE)).toBe(shape('x'.repeat(HOSTILE.length)))
  })
})
