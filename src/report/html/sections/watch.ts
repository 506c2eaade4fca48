import type { PodLife } from '../../../analysis/pod-lives.ts'
import {
  BEGIN_COLUMNS,
  END_COLUMNS,
  hasChanged,
  type PodLifeColumn,
  RESTART_COLUMNS,
} from '../../pod-life-columns.ts'
import { watchLines } from '../../text-watch.ts'
import type { WatchResult } from '../../watch-result.ts'
import { element, type Markup } from '../markup.ts'
import { table } from './table.ts'

/** What was watched, how much of it changed, and what could not be watched; no verdict is due. */
export function watchSummary(result: WatchResult): Markup {
  const [what, seen] = watchLines(result)
  return element(
    'section',
    { class: 'verdict watched', 'aria-labelledby': 'verdict' },
    element('div', { class: 'symbol', 'aria-hidden': 'true' }, '◉'),
    element(
      'div',
      {},
      element('h1', { id: 'verdict' }, 'WATCHED'),
      element('p', { class: 'sentence' }, `${what}. ${seen}.`),
      result.notWatched.map(({ resource, why }) =>
        element('p', { class: 'about' }, `Not watched: ${resource} (${why}).`),
      ),
    ),
  )
}

const MAX_PODS = 300

/** The lives of the pods that something happened to. */
export function podLivesSection({ pods }: WatchResult): Markup {
  const changed = pods.filter(hasChanged)
  const restarted = changed.filter(({ exits }) => exits.length > 0)
  return element(
    'section',
    { 'aria-labelledby': 'lives' },
    element('h2', { id: 'lives' }, 'Pods that changed'),
    changed.length === 0
      ? element('p', { class: 'muted' }, 'None.')
      : podLives('Began and ended, in seconds', [...BEGIN_COLUMNS, ...END_COLUMNS], changed),
    restarted.length === 0
      ? undefined
      : podLives('Containers that ended before their pod', RESTART_COLUMNS, restarted),
    changed.length > MAX_PODS
      ? element('p', { class: 'muted' }, `and ${changed.length - MAX_PODS} more`)
      : undefined,
  )
}

const podLives = (
  caption: string,
  columns: readonly PodLifeColumn[],
  pods: readonly PodLife[],
): Markup =>
  table(
    caption,
    [{ name: 'pod' }, ...columns.map(([name]) => ({ name, align: 'right' as const }))],
    pods
      .slice(0, MAX_PODS)
      .map((pod) => [element('code', {}, pod.name), ...columns.map(([, text]) => text(pod))]),
  )
