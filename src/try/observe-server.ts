import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { ClusterConnection } from '../cluster/connect.ts'
import { type Answer, getOnce } from './http-connection.ts'
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
  /** The one that answers: the given one, or another that was found. */
  readonly path: string
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
  const found = await findPath(first.value, spec, options)
  if (!found.ok) return found
  const { path, answerMs } = found.value
  if (path !== spec.path) options.tell(`GET ${spec.path} is not answered well: ${path} is taken`)
  const isAlone = first.value.listeners.some(
    (listener) => isWildcard(listener) && sharesNetwork(listener.pid),
  )
  const observe = (pod: TriedPod, kind: 'idle' | 'busy') =>
    observeShutdown(connection, { ...spec, path }, pod, { kind, answerMs })
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
    path,
    answerMs,
    isAlone,
  })
}

/** Waits until a path answers 200 to 399; gives it, and the shortest time of a few that its answer takes. */
async function findPath(
  pod: TriedPod,
  { port, path, otherPaths = [] }: TrySpec,
  { startMs, signal }: ObserveOptions,
): Promise<Result<{ readonly path: string; readonly answerMs: number }, Problem>> {
  const startedMs = performance.now()
  for (;;) {
    let first: Answer | undefined
    for (const one of [path, ...otherPaths]) {
      const answer = await getOnce(pod.ip, port, one, ANSWER_MS)
      if (isWell(answer)) return succeed({ path: one, answerMs: await answerTime(pod, port, one) })
      first ??= answer
      // A server that is not ready, or not there, may be so in a moment; one that has no such page will not.
      if (answer.status === undefined || answer.status >= 500) break
    }
    if (signal.aborted || performance.now() - startedMs > startMs) {
      const got =
        first?.status === undefined ? `is ${first?.outcome ?? ''}` : `gets ${first.status}`
      const tried = otherPaths.length > 0 ? `, nor is ${otherPaths.join(', ')} any better` : ''
      return fail({
        code: 'path-not-ok',
        message: `GET ${path} ${got}, for ${Math.round(startMs / 1_000)} s${tried}`,
        hint: 'name a path that answers 200 with --path',
      })
    }
    await sleep(RETRY_MS)
  }
}

const isWell = ({ status }: Answer): boolean =>
  status !== undefined && status >= 200 && status < 400

async function answerTime(pod: TriedPod, port: number, path: string): Promise<number> {
  let shortestMs = Infinity
  for (let sample = 0; sample < SAMPLES; sample++) {
    const sentMs = performance.now()
    const answer = await getOnce(pod.ip, port, path, ANSWER_MS)
    shortestMs = Math.min(shortestMs, answer.endedAtMs - sentMs)
  }
  return shortestMs
}
