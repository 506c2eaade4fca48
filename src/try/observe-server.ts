import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { ClusterConnection } from '../cluster/connect.ts'
import { getOnce } from './http-connection.ts'
import { isWildcard, sharesNetwork } from './listeners.ts'
import type { Observation } from './observation.ts'
import { observeShutdown } from './observe-shutdown.ts'
import { startTriedPod, type TriedPod } from './tried-pod.ts'
import type { TrySpec } from './try-spec.ts'

/** Two shutdowns of the server, one with idle connections and one with requests in flight. */
export interface ObservedServer {
  readonly idle: Observation
  readonly busy: Observation
  readonly opensAfterMs: number
  /** How long a GET of the path takes. */
  readonly answerMs: number
  /** It takes its port at every address of this machine: no second pod of it can run beside the first. */
  readonly isAlone: boolean
}

export interface ObserveOptions {
  readonly startMs: number
  readonly signal: AbortSignal
  /** Every pod has a network of its own, so that two can start at once. */
  readonly hasOwnNetworks: boolean
  readonly tell: (text: string) => void
}

const ANSWER_MS = 5_000
const RETRY_MS = 100
const SAMPLES = 3

/** Starts the server as a pod, twice, and watches how each ends. */
export async function observeServer(
  connection: ClusterConnection,
  spec: TrySpec,
  options: ObserveOptions,
): Promise<Result<ObservedServer, Problem>> {
  const startSecond = () => startTriedPod(connection, spec, 'try-busy', options)
  const early = options.hasOwnNetworks ? startSecond() : undefined
  const first = await startTriedPod(connection, spec, 'try-idle', options)
  if (!first.ok) return first
  const answered = await waitForPath(first.value, spec, options)
  if (!answered.ok) return answered
  const answerMs = answered.value
  const isAlone = first.value.listeners.some(
    (listener) => isWildcard(listener) && sharesNetwork(listener.pid),
  )
  const observe = (pod: TriedPod, kind: 'idle' | 'busy') =>
    observeShutdown(connection, spec, pod, { kind, answerMs })
  const before = isAlone ? undefined : await (early ?? startSecond())
  if (before && !before.ok) return before
  options.tell(`deleting ${isAlone ? 'a pod' : 'two pods'} and watching the end of the server`)
  const [idle, beside] = await Promise.all([
    observe(first.value, 'idle'),
    before && observe(before.value, 'busy'),
  ])
  if (!idle.ok) return idle
  const after = beside ? undefined : await startSecond()
  if (after && !after.ok) return after
  const busy = beside ?? (after && (await observe(after.value, 'busy')))
  if (!busy) throw new Error('neither beside nor after')
  if (!busy.ok) return busy
  return succeed({
    idle: idle.value,
    busy: busy.value,
    opensAfterMs: first.value.opensAfterMs,
    answerMs,
    isAlone,
  })
}

/** Waits until the path answers 200 to 399; gives the shortest time of a few that an answer takes. */
async function waitForPath(
  pod: TriedPod,
  { port, path }: TrySpec,
  { startMs, signal }: ObserveOptions,
): Promise<Result<number, Problem>> {
  const startedMs = performance.now()
  let shortestMs = Infinity
  for (let answers = 0; answers < SAMPLES;) {
    const sentMs = performance.now()
    const answer = await getOnce(pod.ip, port, path, ANSWER_MS)
    const isWell = answer.status !== undefined && answer.status >= 200 && answer.status < 400
    if (isWell) {
      answers += 1
      shortestMs = Math.min(shortestMs, answer.endedAtMs - sentMs)
    } else if (signal.aborted || performance.now() - startedMs > startMs) {
      const got = answer.status === undefined ? `is ${answer.outcome}` : `gets ${answer.status}`
      return fail({
        code: 'path-not-ok',
        message: `GET ${path} ${got}, for ${Math.round(startMs / 1_000)} s`,
        hint: 'name a path that answers 200 with --path',
      })
    } else await sleep(RETRY_MS)
  }
  return succeed(shortestMs)
}
