import type { Problem } from '../base/problem.ts'
import type { Random } from '../base/random.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { ClusterChange } from './cluster-change.ts'
import { apiProblem, type ClusterConnection } from './connect.ts'
import { mayI } from './may-i.ts'
import type { RawObject } from './watch/raw-object.ts'
import { reflect } from './watch/reflect.ts'

/** Who watches, and who is told. */
export interface Watcher {
  readonly connection: ClusterConnection
  readonly nowUs: () => number
  readonly random: Random
  readonly signal: AbortSignal
  readonly onChange: (change: ClusterChange) => void
  /** Told when a resource is not seen any more; the gap itself is told at its end. */
  readonly onBlind?: (resource: string, why: string) => void
}

/** What distinguishes one watched resource from another. */
export interface WatchedResource<Raw extends RawObject> {
  readonly resource: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly toChange: (object: Raw) => Untimed
  /** Absent: everything that the query selects. */
  readonly isOurs?: (change: Untimed) => boolean
}

type Untimed = DistributiveOmit<ClusterChange, 'atUs' | 'notBeforeUs' | 'change'>

type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never

/** Watches one resource; resolves when everything that was there has been told. */
export async function watchResource<Raw extends RawObject>(
  watcher: Watcher,
  watched: WatchedResource<Raw>,
): Promise<Result<void, Problem>> {
  const isEvent = watched.resource === 'events'
  let isSynced = false
  const started = await reflect({
    client: watcher.connection.client,
    path: watched.path,
    ...(watched.query && { query: watched.query }),
    project: watched.toChange,
    nowUs: watcher.nowUs,
    random: watcher.random.stream(watched.resource),
    signal: watcher.signal,
    onChange(change, facts, at) {
      // Events of the time before the run, and the expiry of one, are no news.
      if (isEvent && (change === 'gone' || !isSynced)) return
      if (watched.isOurs && !watched.isOurs(facts)) return
      watcher.onChange({ ...at, change, ...facts } as ClusterChange)
      noteClocks(watcher, facts)
    },
    onBlind: (why) => watcher.onBlind?.(watched.resource, why),
    onGap: (gap) =>
      watcher.onChange({
        atUs: gap.toUs,
        type: 'gap',
        gap: { resource: watched.resource, ...gap },
      }),
  })
  isSynced = true
  if (started.ok) return started
  return fail(apiProblem(started.error, `watching ${watched.resource}`))
}

/** The same when the user may see it; else, and when it cannot be seen, that is told as `not-watched`. */
export async function watchIfAllowed<Raw extends RawObject>(
  watcher: Watcher,
  watched: WatchedResource<Raw>,
): Promise<Result<void, Problem>> {
  const { resource, path } = watched
  const tell = (why: string) =>
    watcher.onChange({ atUs: watcher.nowUs(), type: 'not-watched', resource, why })
  const question = { path, verbs: ['list', 'watch'] }
  if (!(await mayI(watcher.connection.client, question))) {
    tell('not permitted')
    return succeed(undefined)
  }
  const started = await watchResource(watcher, watched)
  if (!started.ok && !watcher.signal.aborted) tell(started.error.message)
  return succeed(undefined)
}

/** What is told of Events and pods also tells of the clocks of those who stamped them. */
function noteClocks({ connection }: Watcher, facts: Untimed): void {
  if (facts.type === 'pod') connection.clocks?.pod(facts.pod)
  if (facts.type === 'reported-event') connection.clocks?.event(facts.event, Date.now())
}
