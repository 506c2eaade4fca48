import { sanitize } from '../base/sanitize.ts'
import { humanAt, humanUs, plural } from '../base/units.ts'
import type { PodLife } from '../analysis/pod-lives.ts'
import type { WatchResult } from './watch-result.ts'

type Column = readonly [string, (pod: PodLife) => string]

const NAME: Column = ['pod', ({ name }) => sanitize(name, 60)]
const BEGINS: readonly Column[] = [
  NAME,
  ['created', ({ createdAtUs }) => at(createdAtUs)],
  ['scheduled', ({ scheduledAtUs }) => at(scheduledAtUs)],
  ['image', ({ imagesAtUs }) => at(imagesAtUs)],
  ['started', ({ startedAtUs }) => at(startedAtUs)],
  ['ready', ({ readyAtUs }) => at(readyAtUs)],
]
const ENDS: readonly Column[] = [
  NAME,
  ['deleted', ({ deletedAtUs }) => at(deletedAtUs)],
  ['Killing', ({ killingAtUs }) => at(killingAtUs)],
  ['endpoint', ({ notReadyEndpointAtUs }) => at(notReadyEndpointAtUs)],
  ['exited', ({ exitedAtUs }) => at(exitedAtUs)],
  ['code', ({ exitCode }) => (exitCode === undefined ? '–' : String(exitCode))],
  ['gone', ({ goneAtUs }) => at(goneAtUs)],
]
const RESTARTS: readonly Column[] = [
  NAME,
  ['restarts', ({ restarts }) => String(restarts)],
  ['last exit', ({ exits }) => at(exits.at(-1)?.atUs)],
  ['code', ({ exits }) => String(exits.at(-1)?.exitCode ?? '–')],
  ['reason', ({ exits }) => sanitize(exits.at(-1)?.reason ?? '–', 40)],
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
    ...block('began, s', BEGINS, changed),
    ...block('ended, s (endpoint: out of the ready ones)', ENDS, changed),
    ...block(
      'restarted, s',
      RESTARTS,
      changed.filter(({ exits }) => exits.length > 0),
    ),
  ].join('\n')
}

const hasChanged = ({ wasThere, deletedAtUs, exits, goneAtUs, readyAtUs, ...rest }: PodLife) =>
  !wasThere ||
  exits.length > 0 ||
  [deletedAtUs, goneAtUs, readyAtUs, rest.notReadyEndpointAtUs].some((one) => one !== undefined)

const at = (atUs: number | undefined): string => (atUs === undefined ? '–' : humanAt(atUs))

/** A table of those pods for which there is something to say, or nothing. */
function block(title: string, columns: readonly Column[], pods: readonly PodLife[]): string[] {
  const said = pods.filter((pod) => columns.slice(1).some(([, text]) => text(pod) !== '–'))
  return said.length === 0 ? [] : ['', title, ...table(columns, said)]
}

function table(columns: readonly Column[], pods: readonly PodLife[]): string[] {
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
