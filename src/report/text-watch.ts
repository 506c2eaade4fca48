import { sanitize } from '../base/sanitize.ts'
import { humanAt, humanUs, plural } from '../base/units.ts'
import type { PodLife } from '../analysis/pod-lives.ts'
import {
  BEGIN_COLUMNS,
  END_COLUMNS,
  hasChanged,
  POD_NAME,
  type PodLifeColumn,
  RESTART_COLUMNS,
} from './pod-life-columns.ts'
import type { WatchResult } from './watch-result.ts'

/** What was watched and how much of it changed, in a line each. */
export function watchLines({
  workload,
  namespace,
  cluster,
  durationUs,
  pods,
  gaps,
}: WatchResult): readonly [what: string, seen: string] {
  const what = workload === undefined ? 'all pods' : sanitize(workload, 80)
  const changed = pods.filter(hasChanged).length
  return [
    `${what} in ${sanitize(namespace, 80)} on ${sanitize(cluster, 80)} for ${humanUs(durationUs)}`,
    `${plural(pods.length, 'pod')} seen: ${changed} changed, ${pods.length - changed} did not; ${plural(gaps.length, 'watch gap')}`,
  ]
}

/** The pods whose lives changed while they were watched, one a line, in seconds since the watch began. */
export function renderWatchText(result: WatchResult): string {
  const { pods, gaps, notWatched } = result
  const [what, seen] = watchLines(result)
  const changed = pods.filter(hasChanged)
  return [
    `WATCHED  ${what}`,
    seen,
    ...gaps.map(
      ({ resource, fromUs, toUs, why }) =>
        `  not seen: ${sanitize(resource, 40)} from ${humanAt(fromUs)} to ${humanAt(toUs)} s (${sanitize(why, 120)})`,
    ),
    ...notWatched.map(
      ({ resource, why }) => `  not watched: ${sanitize(resource, 60)} (${sanitize(why, 160)})`,
    ),
    ...block('began, s', [POD_NAME, ...BEGIN_COLUMNS], changed),
    ...block('ended, s (endpoint: out of the ready ones)', [POD_NAME, ...END_COLUMNS], changed),
    ...block(
      'restarted, s',
      [POD_NAME, ...RESTART_COLUMNS],
      changed.filter(({ exits }) => exits.length > 0),
    ),
  ].join('\n')
}

/** A table of those pods for which there is something to say, or nothing. */
function block(
  title: string,
  columns: readonly PodLifeColumn[],
  pods: readonly PodLife[],
): string[] {
  const said = pods.filter((pod) => columns.slice(1).some(([, text]) => text(pod) !== '–'))
  return said.length === 0 ? [] : ['', title, ...table(columns, said)]
}

function table(columns: readonly PodLifeColumn[], pods: readonly PodLife[]): string[] {
  const rows = [
    columns.map(([title]) => title),
    ...pods.map((pod) => columns.map(([, text]) => text(pod))),
  ]
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
}
