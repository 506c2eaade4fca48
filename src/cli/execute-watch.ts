import { runClock } from '../base/clock.ts'
import type { Problem } from '../base/problem.ts'
import { random } from '../base/random.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { type ClusterConnection, connect, type ConnectOptions } from '../cluster/connect.ts'
import { findWorkload } from '../cluster/find-workload.ts'
import type { WatchedPods } from '../cluster/watch-cluster.ts'
import { readRecording } from '../recording/read-recording.ts'
import { watchPods } from '../run/watch-pods.ts'
import type { WorkloadRef } from '../scenario/scenario.ts'
import { concludeWatch } from './conclude-watch.ts'
import type { Host } from './host.ts'
import { metaEntry } from './meta-entry.ts'
import { openWatchView } from './open-watch-view.ts'
import { recordRun } from './record-run.ts'
import { interruptedEarly, type StopControl, stopControl } from './stop-control.ts'

export interface ExecuteWatchOptions {
  readonly host: Host
  readonly connect: ConnectOptions
  /** Of the recording. */
  readonly name: string
  /** Absent: all pods of the namespace. */
  readonly ref?: WorkloadRef
  readonly limitUs?: number
  /** Must not have a recording yet. */
  readonly directory: string
  readonly output: 'text' | 'json'
  readonly wantsLive: boolean
}

/** Watches pods from connection to summary; gives the exit code. */
export async function executeWatch(options: ExecuteWatchOptions): Promise<Result<number, Problem>> {
  const stopping = stopControl(options.host)
  try {
    const connection = await connect(options.connect)
    if (!connection.ok) return connection
    const pods = await podsOf(connection.value, options.ref)
    if (stopping.stop.signal.aborted) return fail(interruptedEarly(stopping, 'seen'))
    if (!pods.ok) return pods
    const recorded = await record(options, stopping, connection.value, pods.value)
    if (!recorded.ok) return recorded
    if (recorded.value.diskProblem) return fail(recorded.value.diskProblem)
    const recording = await readRecording(options.directory)
    if (!recording.ok) return recording
    return concludeWatch(options.host, recording.value, options)
  } finally {
    stopping.close()
  }
}

async function podsOf(
  connection: ClusterConnection,
  ref: WorkloadRef | undefined,
): Promise<Result<WatchedPods, Problem>> {
  if (!ref) return succeed({ namespace: connection.namespace, selector: '' })
  return findWorkload(connection, ref, connection.namespace)
}

function record(
  options: ExecuteWatchOptions,
  stopping: StopControl,
  connection: ClusterConnection,
  pods: WatchedPods,
): ReturnType<typeof recordRun> {
  const { host, directory, name, limitUs } = options
  const { contextName, serverVersion } = connection
  const meta = metaEntry(host, { cluster: contextName, serverVersion, limits: [] })
  return recordRun({
    directory,
    meta,
    stopping,
    openView: (stop) => openWatchView(options, stop),
    conduct: ({ append, tick }) =>
      watchPods({
        connection,
        pods,
        name,
        ...(limitUs !== undefined && { limitUs }),
        clock: runClock(meta.startedAtMonotonicUs),
        random: random(1),
        append,
        tick,
        stop: stopping.stop.signal,
      }),
  })
}
