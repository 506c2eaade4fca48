import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { apiProblem, type ClusterConnection } from '../cluster/connect.ts'
import { corePath } from '../cluster/paths.ts'
import type { ContainerProcess } from './container-processes.ts'
import type { Observation, SeenProcess } from './observation.ts'
import { probeIdle, probeInFlight, probeNewConnections } from './probe-connections.ts'
import { readPod, type TriedPod } from './tried-pod.ts'
import type { TrySpec } from './try-spec.ts'
import { watchProcesses } from './watch-processes.ts'

/** What is left of a pod after its grace: SIGKILL, the kubelet's look, the end of the object. */
const AFTERWARDS_MS = 4_000
const POLL_MS = 40

const NO_IDLE: Observation['idle'] = { opened: 0, keepsAlive: false }
const NO_FLIGHT: Observation['inFlight'] = { by: 'nothing', open: 0, finished: 0 }
const NO_NEW: Observation['newConnections'] = { tried: 0, answered: 0 }

/**
 * Deletes a pod and watches its end. `idle` leaves connections alone and tries new ones; `busy` has requests in
 * flight: two pods, because a server may wait for the one and not for the other.
 */
export async function observeShutdown(
  connection: ClusterConnection,
  spec: TrySpec,
  pod: TriedPod,
  options: { readonly kind: 'idle' | 'busy'; readonly answerMs: number },
): Promise<Result<Observation, Problem>> {
  const isIdle = options.kind === 'idle'
  const idle = isIdle ? await probeIdle(pod.ip, spec) : undefined
  const inFlight = isIdle ? undefined : await probeInFlight(pod.ip, spec, options.answerMs)
  const deleted = await connection.client.call({
    method: 'DELETE',
    path: corePath(connection.namespace, 'pods', pod.name),
  })
  if (!deleted.ok) return fail(apiProblem(deleted.error, 'deleting the pod'))
  const signalMs = performance.now()
  const deadlineMs = signalMs + spec.graceSeconds * 1_000 + AFTERWARDS_MS
  let isOver = false
  const processes = watchProcesses(
    pod.processes.map(({ pid }) => pid),
    deadlineMs,
  )
  const [, exitCode, ended, idleSeen, inFlightSeen, newConnections] = await Promise.all([
    processes.then(() => (isOver = pod.processes.length > 0 || isOver)),
    readExitCode(connection, pod.name, deadlineMs).then((code) => {
      isOver = true
      return code
    }),
    processes,
    idle?.finish(signalMs),
    inFlight?.finish(signalMs),
    isIdle ? probeNewConnections(pod.ip, spec, signalMs, () => isOver) : NO_NEW,
  ])
  const seen = seenProcesses(pod, spec, ended, signalMs)
  const exitMs = seen[0]?.endedMs
  return succeed({
    processes: seen,
    ...(exitCode !== undefined && { exitCode }),
    ...(exitMs !== undefined && { exitMs }),
    idle: idleSeen ?? NO_IDLE,
    newConnections,
    inFlight: inFlightSeen ?? NO_FLIGHT,
  })
}

/** The exit code that the pod's last status told, once the pod has gone. */
async function readExitCode(
  connection: ClusterConnection,
  name: string,
  deadlineMs: number,
): Promise<number | undefined> {
  while (performance.now() < deadlineMs) {
    const pod = await readPod(connection, name)
    if (!pod) return undefined
    if (pod.exitCode !== undefined) return pod.exitCode
    await sleep(POLL_MS)
  }
  return undefined
}

function seenProcesses(
  { processes, listeners }: TriedPod,
  { stopSignal = 'SIGTERM' }: TrySpec,
  ended: ReadonlyMap<number, number>,
  signalMs: number,
): SeenProcess[] {
  const listening = new Set(listeners.map(({ pid }) => pid))
  const number = constants.signals[stopSignal as NodeJS.Signals] as number | undefined
  const parentOf = (process: ContainerProcess) =>
    processes.find(({ pid }) => pid === process.parentPid)?.containerPid ?? 0
  return processes.map((process) => {
    const endedAtMs = ended.get(process.pid)
    return {
      containerPid: process.containerPid,
      parentContainerPid: parentOf(process),
      command: process.command,
      listens: listening.has(process.pid),
      catches: number !== undefined && process.catches(number),
      ...(endedAtMs !== undefined && { endedMs: Math.max(0, endedAtMs - signalMs) }),
    }
  })
}
