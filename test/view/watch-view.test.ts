import { describe, expect, it } from 'vitest'
import { podLives } from '../../src/analysis/pod-lives.ts'
import type { Entry } from '../../src/recording/entry.ts'
import { collectRecording } from '../../src/recording/recording.ts'
import { renderWatchText } from '../../src/report/text-watch.ts'
import { buildWatchResult } from '../../src/report/watch-result.ts'
import { frameLines } from '../../src/view/frame/frame-lines.ts'
import { lineWidth } from '../../src/view/frame/line.ts'
import { startPlainView } from '../../src/view/plain-view.ts'
import { NO_KEYS, pressKey } from '../../src/view/view-keys.ts'
import { atInstant, EMPTY_VIEW, type ViewState, viewState } from '../../src/view/view-state.ts'
import { buildRecording, deployment, endpoints, podLife } from '../support/build-recording.ts'

const S = 1_000_000
const { meta, plan } = buildRecording()
const head: readonly Entry[] = [
  meta,
  {
    ...plan,
    scenario: { ...plan.scenario, name: 'watch-web' },
    podsOnly: { workload: 'deployment/web' },
    plannedRequests: 0,
    plannedDurationUs: 0,
  },
]
const atUs = (entry: Entry): number => ('atUs' in entry ? entry.atUs : 0)
const told: readonly Entry[] = [
  ...head,
  deployment(0),
  ...podLife({ name: 'web-old', deletedAt: 3, exitedAt: 4, exitCode: 137, goneAt: 5 }),
  endpoints(0, 'web-old'),
  { kind: 'phase', atUs: 0.5 * S, phase: 'steady' },
  ...podLife({ name: 'web-new', readyAt: 2.5 }),
  endpoints(2.6, 'web-old', 'web-new'),
  endpoints(3.1, 'web-new'),
  { kind: 'harness', atUs: 6 * S, type: 'blind', message: 'nothing is seen of pods' },
]
const entries = told.toSorted((one, other) => atUs(one) - atUs(other))

const state = entries.reduce<ViewState>(viewState, EMPTY_VIEW)
const screen = (of: ViewState, columns: number, rows: number): string[] =>
  frameLines(of, NO_KEYS, { columns, rows }).map((line) => line.map(({ text }) => text).join(''))

describe('the view of pods alone', () => {
  it('says line by line how pods begin and end, and nothing of load or steps', async () => {
    const lines: string[] = []
    const view = startPlainView((line) => lines.push(line))
    for (const entry of entries) view.entry(entry)
    await view.close()
    expect(lines.map((line) => line.replace(/^ +[\d.]+ s {2}/, ''))).toEqual([
      'watch-web on lab',
      'endpoints 1',
      'watching: pods 1/3 ready, endpoints 1',
      'pod web-new created',
      'pod web-new started',
      'pod web-new ready',
      'endpoint web-new of web ready',
      'pod web-old deleted, grace 30 s',
      'endpoint web-old of web absent',
      'pod web-old exited with 137 (Error)',
      'pod web-old gone',
      'nothing is seen of pods',
    ])
  })

  it.each([
    [80, 24],
    [200, 60],
    [20, 5],
    [3, 2],
  ])('fits into %i × %i', (columns, rows) => {
    const lines = frameLines(state, NO_KEYS, { columns, rows })
    expect(lines.length).toBeLessThan(rows)
    for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(columns)
  })

  it('shows lanes, says that it is blind until a gap is over, and goes on when nothing happens', () => {
    const text = screen(state, 80, 24).join('\n')
    expect(text).toContain('BLIND: the API does not answer')
    expect(text).toMatch(/web-old +━+D.*X.*gone/)
    expect(text).toMatch(/web-new .*━+ +ready/)
    expect(text).not.toMatch(/\bsent\b|failed|generator|steps|restore/)
    const later = atInstant(state, 20 * S)
    expect(screen(later, 80, 24)[0]).toContain('20.0 s')
    expect(atInstant(later, 3 * S)).toBe(later)
    const gap = { resource: 'pods', fromUs: 5 * S, toUs: 21 * S, why: 'ECONNREFUSED' }
    const seeing = viewState(later, { kind: 'cluster', type: 'gap', atUs: 21 * S, gap })
    expect(screen(seeing, 80, 24)[0]).toContain('watching')
    const asked = pressKey(NO_KEYS, 'x', state)
    const foot = frameLines(state, asked, { columns: 80, rows: 24 }).at(-1) ?? []
    expect(foot.map((part) => part.text).join('')).toMatch(/^Stop watching\? Press x again/)
  })

  it('sums the lives up, each instant as it was seen', () => {
    const recording = collectRecording(entries)
    if (!recording) throw new Error('no recording')
    const result = buildWatchResult(recording, podLives(recording))
    expect(result.pods).toMatchObject([
      { name: 'web-old', wasThere: true, deletedAtUs: 3 * S, exitCode: 137, goneAtUs: 5 * S },
      { name: 'web-new', wasThere: false, createdAtUs: 2 * S, readyAtUs: 2.5 * S },
    ])
    expect(result.pods[0]).toMatchObject({ notReadyEndpointAtUs: 3.1 * S, exitedAtUs: 4 * S })
    const text = renderWatchText(result)
    expect(text).toContain('2 pods seen: 2 changed, 0 did not; 0 watch gaps')
    expect(text).toMatch(/web-old +3\.000 +– +3\.100 +4\.000 +137 +5\.000/)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })
})
