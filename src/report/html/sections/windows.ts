import { humanAt, humanCount, humanShare, humanUs } from '../../../base/units.ts'
import type { Analysis, FailureWindow, PodStory } from '../../../analysis/analysis.ts'
import { element, type Markup } from '../markup.ts'
import type { ReportInput } from '../report-input.ts'
import { table } from './table.ts'
import { type Happening, happeningsBetween } from './happenings.ts'

const MAX_WINDOWS = 30
const MAX_PODS = 12

/** The spans in which requests failed; each opens to its pods and to what happened around it. */
export function windowsSection({ analysis, recording }: ReportInput): Markup | undefined {
  const { windows } = analysis
  if (windows.length === 0) return undefined
  const shown = windows.toSorted((left, right) => right.failed - left.failed).slice(0, MAX_WINDOWS)
  const hidden = windows.length - shown.length
  return element(
    'section',
    { 'aria-labelledby': 'windows' },
    element('h2', { id: 'windows' }, 'Windows of failure'),
    shown
      .toSorted((left, right) => left.number - right.number)
      .map((window) =>
        windowDetails(window, analysis, happeningsBetween(recording, analysis, around(window))),
      ),
    hidden === 0
      ? undefined
      : element('p', { class: 'muted' }, `${hidden} smaller windows are in result.json.`),
  )
}

/** What happened shortly before a window matters more than what came after. */
const around = ({ fromUs, toUs }: FailureWindow) => ({
  fromUs: fromUs - 2_000_000,
  toUs: toUs + 1_000_000,
})

function windowDetails(
  window: FailureWindow,
  { pods }: Analysis,
  happenings: readonly Happening[],
): Markup {
  const { number, fromUs, toUs, failed, due, causes } = window
  const named = pods.filter(
    (pod) => window.pods.includes(pod.name) && pod.firstSeenUs <= window.toUs,
  )
  const unnamed = named.length - MAX_PODS
  return element(
    'details',
    { class: 'card window', id: `window-${number}`, 'data-window': number },
    element(
      'summary',
      {},
      element('span', { class: 'window-number' }, `Window ${number}`),
      element(
        'span',
        { class: 'window-time' },
        `${humanAt(fromUs)} – ${humanAt(toUs)} s (${humanUs(toUs - fromUs)})`,
      ),
      element(
        'b',
        {},
        `${humanCount(failed)} of ${humanCount(due)} failed (${humanShare(failed, due)})`,
      ),
      element(
        'span',
        { class: 'window-outcomes' },
        Object.entries(window.outcomes)
          .map(([outcome, count]) => `${outcome} × ${humanCount(count)}`)
          .join(', '),
      ),
    ),
    element(
      'ul',
      { class: 'window-causes' },
      causes.map(({ cause, failed: ofCause }) =>
        element(
          'li',
          {},
          element('a', { href: `#cause-${cause}` }, cause),
          ` × ${humanCount(ofCause)}`,
        ),
      ),
    ),
    named.length === 0 ? undefined : podTable(`Pods of window ${number}`, named.slice(0, MAX_PODS)),
    unnamed > 0 ? element('p', { class: 'muted' }, `and ${unnamed} more pods`) : undefined,
    happeningTable(number, happenings),
  )
}

const orDash = (atUs: number | undefined): string => (atUs === undefined ? '–' : humanAt(atUs))

/** The lives of pods, an instant a column, in seconds since the run began. */
export const podTable = (caption: string, pods: readonly PodStory[]): Markup =>
  table(
    caption,
    [
      { name: 'pod' },
      { name: 'ready', align: 'right' },
      { name: 'deleted', align: 'right' },
      { name: 'stop signal (est.)', align: 'right' },
      { name: 'out of slice', align: 'right' },
      { name: 'exited', align: 'right' },
      { name: 'code' },
      { name: 'gone', align: 'right' },
      { name: 'grace', align: 'right' },
      { name: 'answered', align: 'right' },
    ],
    pods.map((pod) => [
      element('code', {}, pod.name),
      orDash(pod.readyAtUs),
      orDash(pod.deleteSeenUs),
      orDash(pod.stopSignalUs),
      orDash(pod.outOfSliceUs),
      orDash(pod.exitSeenUs),
      [pod.exitCode, pod.exitReason].filter((part) => part !== undefined).join(' ') || '–',
      orDash(pod.goneUs),
      `${pod.graceSeconds} s`,
      humanCount(pod.answered),
    ]),
  )

const MAX_HAPPENINGS = 30

function happeningTable(number: number, happenings: readonly Happening[]): Markup | undefined {
  if (happenings.length === 0) return undefined
  const hidden = happenings.length - MAX_HAPPENINGS
  return element(
    'div',
    {},
    table(
      `What happened around window ${number}`,
      [{ name: 'at (s)', align: 'right' }, { name: 'what' }],
      happenings.slice(0, MAX_HAPPENINGS).map(({ atUs, text }) => [humanAt(atUs), text]),
    ),
    hidden > 0 ? element('p', { class: 'muted' }, `and ${hidden} more`) : undefined,
  )
}
