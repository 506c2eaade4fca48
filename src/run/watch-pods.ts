import type { RunClock } from '../base/clock.ts'
import type { Problem } from '../base/problem.ts'
import type { Random } from '../base/random.ts'
import { type Result, succeed } from '../base/result.ts'
import type { ClusterConnection } from '../cluster/connect.ts'
import { watchCluster, type WatchedPods } from '../cluster/watch-cluster.ts'
import type { EndEntry, Entry, PlanEntry } from '../recording/entry.ts'
import { BlindSpells } from './blind-spells.ts'
import { OwnChanges } from './own-changes.ts'

export interface WatchPodsOptions {
  readonly connection: ClusterConnection
  readonly pods: WatchedPods
  /** Of the recording. */
  readonly name: string
  /** Absent: until it is stopped. */
  readonly limitUs?: number
  readonly clock: RunClock
  readonly random: Random
  readonly append: (entry: Entry) => void
  /** Told the time, often, so that a view goes on when nothing happens. */
  readonly tick: (nowUs: number) => void
  /** Its reason is the signal, or anything else for an end that was wanted. */
  readonly stop: AbortSignal
}

const TICK_MS = 250
/** A person ended it, or its time was over: the normal end of a watch. */
const INTERRUPTING = new Set<unknown>(['SIGTERM', 'SIGHUP', 'SIGQUIT'])

/**
 * Watches pods until the time is over or it is stopped: no load, no change, nothing written to the cluster. Everything
 * that is seen is appended to the recording; the phase `steady` comes after what was there already, `end` is the last.
 */
export async function watchPods(options: WatchPodsOptions): Promise<Result<EndEntry, Problem>> {
  const { clock, append, stop } = options
  append(planOf(options))
  const blind = new BlindSpells((message) =>
    append({ kind: 'harness', atUs: clock.nowUs(), type: 'blind', message }),
  )
  const own = new OwnChanges(options.pods, (change) => append({ kind: 'cluster', ...change }))
  const watching = new AbortController()
  const watched = await watchCluster({
    connection: options.connection,
    workload: options.pods,
    services: [],
    needsOnlyPods: true,
    nowUs: clock.nowUs,
    random: options.random.stream('watch'),
    signal: AbortSignal.any([watching.signal, stop]),
    onBlind: (resource, why) => blind.begin(resource, why),
    onChange(change) {
      if (change.type === 'gap') blind.end(change.gap.resource)
      own.take(change)
    },
  })
  if (!watched.ok) {
    watching.abort()
    return watched
  }
  own.release()
  append({ kind: 'phase', atUs: clock.nowUs(), phase: 'steady' })
  await overOrStopped(options)
  watching.abort()
  blind.close()
  const end: EndEntry = {
    kind: 'end',
    atUs: clock.nowUs(),
    notRestored: [],
    ...(INTERRUPTING.has(stop.reason)
      ? { reason: 'interrupted', signal: String(stop.reason) }
      : { reason: 'finished' }),
  }
  append(end)
  return succeed(end)
}

function planOf({ name, pods, limitUs }: WatchPodsOptions): PlanEntry {
  return {
    kind: 'plan',
    atUs: 0,
    scenario: {
      name,
      load: {
        schedule: [],
        connections: 'reuse',
        timeoutUs: 0,
        maxConnections: 0,
        identityHeader: '',
        requests: [],
      },
      steps: [],
      expectations: [],
      manifests: [],
    },
    namespace: pods.namespace,
    podsOnly: pods.ref ? { workload: `${pods.ref.kind}/${pods.ref.name}` } : {},
    address: '',
    plannedRequests: 0,
    plannedDurationUs: limitUs ?? 0,
  }
}

function overOrStopped({ clock, limitUs, stop, tick }: WatchPodsOptions): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearInterval(timer)
      stop.removeEventListener('abort', end)
      resolve()
    }
    const timer = setInterval(() => {
      const nowUs = clock.nowUs()
      tick(nowUs)
      if (limitUs !== undefined && nowUs >= limitUs) end()
    }, TICK_MS)
    stop.addEventListener('abort', end, { once: true })
    if (stop.aborted) end()
  })
}
