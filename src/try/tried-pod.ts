import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { apiProblem, type ClusterConnection } from '../cluster/connect.ts'
import { corePath } from '../cluster/paths.ts'
import { type ContainerProcess, containerProcesses } from './container-processes.ts'
import { HttpConnection } from './http-connection.ts'
import { isLoopback, type Listener, listenersOf } from './listeners.ts'
import { podManifest } from './pod-manifest.ts'
import type { TrySpec } from './try-spec.ts'

/** A pod of the server, and what is open in it. */
export interface TriedPod {
  readonly name: string
  readonly ip: string
  /** Parents first; empty where there is no /proc. */
  readonly processes: readonly ContainerProcess[]
  /** Those of the tried port. */
  readonly listeners: readonly Listener[]
  /** From the container's start to the first connection that was accepted. */
  readonly opensAfterMs: number
}

const POLL_MS = 20
const LOG_LINES = 8

/** Starts a pod and waits until its port is open; a problem says what keeps it. */
export async function startTriedPod(
  connection: ClusterConnection,
  spec: TrySpec,
  name: string,
  options: { readonly startMs: number; readonly signal: AbortSignal },
): Promise<Result<TriedPod, Problem>> {
  const mark = randomUUID()
  const created = await connection.client.call({
    method: 'POST',
    path: corePath(connection.namespace, 'pods'),
    body: podManifest(spec, name, mark),
  })
  if (!created.ok) return fail(apiProblem(created.error, 'creating the pod'))
  const askedMs = performance.now()
  let startedMs: number | undefined
  for (;;) {
    const pod = await readPod(connection, name)
    if (pod?.exitCode !== undefined) return fail(await exitProblem(connection, spec, name, pod))
    const processes = containerProcesses(mark)
    if (processes.length > 0) startedMs ??= performance.now()
    if (pod?.ip !== undefined && (await accepts(pod.ip, spec.port))) {
      const opensAfterMs = performance.now() - (startedMs ?? askedMs)
      const all = listenersOf(processes.map(({ pid }) => pid))
      const listeners = all.filter(({ port }) => port === spec.port)
      if (processes.length === 0 || listeners.length > 0)
        return succeed({ name, ip: pod.ip, processes, listeners, opensAfterMs })
      // Something else of this machine has the port; the server may be about to fail for it.
      if (performance.now() - askedMs > options.startMs) return fail(portInUse(spec.port))
    }
    if (options.signal.aborted || performance.now() - askedMs > options.startMs) {
      const all = listenersOf(processes.map(({ pid }) => pid))
      return fail(notOpen(spec, options.startMs, all, await logTail(connection, name)))
    }
    await sleep(POLL_MS)
  }
}

/** The state of a pod's container in the API; undefined when there is no such pod any more. */
export async function readPod(
  connection: ClusterConnection,
  name: string,
): Promise<PodNow | undefined> {
  const found = await connection.client.call({
    method: 'GET',
    path: corePath(connection.namespace, 'pods', name),
  })
  if (!found.ok) return undefined
  const { status } = found.value as unknown as RawStatus
  const ended = status?.containerStatuses?.[0]?.state?.terminated
  return {
    ...(status?.podIP !== undefined && { ip: status.podIP }),
    ...(ended && { exitCode: ended.exitCode }),
    ...(ended?.message !== undefined && { message: ended.message }),
  }
}

export interface PodNow {
  readonly ip?: string
  /** Of a container that has ended. */
  readonly exitCode?: number
  readonly message?: string
}

interface RawStatus {
  readonly status?: {
    readonly podIP?: string
    readonly containerStatuses?: readonly {
      readonly state?: {
        readonly terminated?: { readonly exitCode: number; readonly message?: string }
      }
    }[]
  }
}

async function accepts(host: string, port: number): Promise<boolean> {
  const connection = new HttpConnection(host, port)
  const isOpen = await connection.opened
  connection.destroy()
  return isOpen
}

/** The last lines that the container wrote. */
async function logTail(connection: ClusterConnection, name: string): Promise<string> {
  const opened = await connection.client.open(
    {
      method: 'GET',
      path: `${corePath(connection.namespace, 'pods', name)}/log`,
      query: { tailLines: String(LOG_LINES) },
    },
    AbortSignal.timeout(2_000),
  )
  if (!opened.ok) return ''
  let text = ''
  for await (const piece of opened.value) text += String(piece)
  return text.trimEnd()
}

async function exitProblem(
  connection: ClusterConnection,
  spec: TrySpec,
  name: string,
  { exitCode, message }: PodNow,
): Promise<Problem> {
  const log = await logTail(connection, name)
  const isPortTaken = /EADDRINUSE|address already in use/i.test(log)
  return {
    code: isPortTaken ? 'port-in-use' : 'server-exits',
    message: `${spec.command.join(' ')} exits by itself, with code ${exitCode ?? 0}${message === undefined ? '' : ` (${message})`}${wrote(log)}`,
    hint: isPortTaken
      ? 'another process of this machine has the port: end it, or have the server listen at the address in POD_IP'
      : 'a pod has not your shell’s environment: pass variables with --env NAME or --env NAME=value',
  }
}

const wrote = (log: string): string =>
  log === '' ? '; it wrote nothing' : `; its last words: ${log.split('\n').join(' ⏎ ')}`

function notOpen(
  spec: TrySpec,
  startMs: number,
  listeners: readonly Listener[],
  log: string,
): Problem {
  const seconds = Math.round(startMs / 1_000)
  const [first] = listeners
  const where = [...new Set(listeners.map(({ address, port }) => `${address}:${port}`))].join(', ')
  const atPort = listeners.find(({ port }) => port === spec.port)
  if (atPort && isLoopback(atPort)) {
    return {
      code: 'port-not-open',
      message: `${spec.command.join(' ')} listens at ${where} only: nothing outside of the pod reaches it`,
      hint: 'listen at 0.0.0.0, or at the address in POD_IP',
    }
  }
  return {
    code: 'port-not-open',
    message: `port ${spec.port} is not open after ${seconds} s; the server listens ${where === '' ? 'nowhere' : `at ${where}`}${wrote(log)}`,
    hint: first
      ? `give that port with --port ${first.port}, or have the server listen at the port in PORT`
      : 'give it longer with --start 60s, or see why it does not listen',
  }
}

const portInUse = (port: number): Problem => ({
  code: 'port-in-use',
  message: `port ${port} is open, but another process of this machine has it`,
  hint: 'end that process, or try another port with --port; the server gets it in PORT',
})
