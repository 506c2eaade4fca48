import { sanitize } from '../base/sanitize.ts'
import { humanAt, humanUs, plural } from '../base/units.ts'
import type { PodLife } from '../analysis/pod-lives.ts'
import type { WatchResult } from './watch-result.ts'

const COLUMNS: readonly (readonly [string, (pod: PodLife) => string])[] = [
  ['pod', ({ name }) => sanitize(name, 60)],
  ['created', ({ createdAtUs }) => at(createdAtUs)],
  ['scheduled', ({ scheduledAtUs }) => at(scheduledAtUs)],
  ['image', ({ imagesAtUs }) => at(imagesAtUs)],
  ['started', ({ startedAtUs }) => at(startedAtUs)],
  ['ready', ({ readyAtUs }) => at(readyAtUs)],
  ['deleted', ({ deletedAtUs }) => at(deletedAtUs)],
  ['endpoint out', ({ notReadyEndpointAtUs }) => at(notReadyEndpointAtUs)],
  ['Killing', ({ killingAtUs }) => at(killingAtUs)],
  ['exit', exitText],
  ['gone', ({ goneAtUs }) => at(goneAtUs)],
  ['restarts', ({ restarts }) => String(restarts)],
]

/** The pods whose lives changed while they were watched, one a line, in seconds since the watch began. */
export function renderWatchText(result: WatchResult): string {
  const { workload, namespace, cluster, durationUs, pods, gaps, notWatched } = result
  const what = workload === undefined ? 'all pods' : sanitize(workload, 80)
  const changed = pods.filter(hasChanged)
  const still = pods.length - changed.length
  return [
    `WATCHED  ${what} in ${sanitize(namespace, 80)} on ${sanitize(cluster, 80)} for ${humanUs(durationUs)}`,
    `${plural(pods.length, 'pod')} seen: ${changed.length} changed, ${still} did not; ${plural(gaps.length, 'watch gap')}`,
    ...gaps.map(
      ({ resource, fromUs, toUs, why }) =>
        `  not seen: ${sanitize(resource, 40)} from ${humanAt(fromUs)} to ${humanAt(toUs)} s (${sanitize(why, 120)})`,
    ),
    ...notWatched.map(
      ({ resource, why }) => `  not watched: ${sanitize(resource, 60)} (${sanitize(why, 160)})`,
    ),
    ...(changed.length === 0 ? [] : ['', ...table(changed)]),
  ].join('\n')
}

const hasChanged = ({ wasThere, deletedAtUs, exits, goneAtUs, readyAtUs, ...rest }: PodLife) =>
  !wasThere ||
  exits.length > 0 ||
  [deletedAtUs, goneAtUs, readyAtUs, rest.notReadyEndpointAtUs].some((one) => one !== undefined)

const at = (atUs: number | undefined): string => (atUs === undefined ? '–' : humanAt(atUs))

function exitText({ exitCode, exitedAtUs, exits }: PodLife): string {
  if (exitedAtUs !== undefined) return `${exitCode ?? '?'} at ${humanAt(exitedAtUs)}`
  const last = exits.at(-1)
  return last ? `${last.exitCode ?? '?'} at ${humanAt(last.atUs)}` : '–'
}

function table(pods: readonly PodLife[]): string[] {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...pods.map((pod) => COLUMNS.map(([, text]) => text(pod))),
  ]
  const widths = COLUMNS.map((_, column) =>
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
