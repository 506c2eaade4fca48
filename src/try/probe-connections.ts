import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, getOnce, getText, HttpConnection } from './http-connection.ts'
import type { IdleSeen, InFlightSeen, NewConnectionsSeen } from './observation.ts'
import type { TrySpec } from './try-spec.ts'

const IDLE_CONNECTIONS = 3
const IN_FLIGHT = 4
const ANSWER_MS = 3_000
/** After the signal: late enough that a server has acted on it, early enough that most still live. */
const LATE_MS = 150
const NEW_EVERY_MS = 10
const NEW_EVERY_LATER_MS = 50
const NEW_DENSE_FOR_MS = 1_500
/** What the kernel has accepted for a server may still wait for it; such a request is not in flight yet. */
const BEGUN_MS = 100
/** A page that answers slower than this is in flight when the signal comes. */
const SLOW_MS = 150

/** A probe that is set up before the signal, and tells afterwards what came of it. */
export interface Probe<Seen> {
  /** After everything has ended; `signalMs` on performance.now(). */
  readonly finish: (signalMs: number) => Promise<Seen>
}

/** Opens connections, has each answered once, and leaves them; one of them asks again after the signal. */
export async function probeIdle(host: string, spec: TrySpec): Promise<Probe<IdleSeen>> {
  const connections: HttpConnection[] = []
  let keepsAlive = true
  for (let at = 0; at < IDLE_CONNECTIONS; at++) {
    const connection = new HttpConnection(host, spec.port)
    connection.send(getText(host, spec.path))
    const answer = await connection.answer(ANSWER_MS)
    if (answer.outcome !== 'answered' || answer.saysClose === true) keepsAlive = false
    connections.push(connection)
  }
  return {
    finish: async (signalMs) => {
      const [asking, ...resting] = connections
      const late = keepsAlive && asking ? await askLate(asking, host, spec, signalMs) : undefined
      return {
        opened: connections.length,
        keepsAlive,
        ...(late !== undefined && { lateRequest: late }),
        ...(keepsAlive && endOf(resting, signalMs)),
      }
    },
  }
}

async function askLate(
  connection: HttpConnection,
  host: string,
  spec: TrySpec,
  signalMs: number,
): Promise<NonNullable<IdleSeen['lateRequest']>> {
  await sleep(Math.max(0, signalMs + LATE_MS - performance.now()))
  if (connection.ended) return 'not possible'
  connection.send(getText(host, spec.path))
  const answer = await connection.answer(ANSWER_MS)
  const { outcome, saysClose } = answer
  if (outcome !== 'answered') return 'cut'
  if (!isOk(answer)) return 'turned away'
  return saysClose === true ? 'answered with close' : 'answered'
}

function endOf(
  connections: readonly HttpConnection[],
  signalMs: number,
): Pick<IdleSeen, 'endedMs' | 'how'> {
  const ends = connections.flatMap(({ ended }) => (ended ? [ended] : []))
  const [first] = ends.toSorted((left, right) => left.atMs - right.atMs)
  return first ? { endedMs: Math.max(0, first.atMs - signalMs), how: first.how } : {}
}

/** Opens a connection every 10 ms, later every 50, until `isOver`. */
export async function probeNewConnections(
  host: string,
  spec: TrySpec,
  signalMs: number,
  isOver: () => boolean,
): Promise<NewConnectionsSeen> {
  const answers: Promise<{ readonly sentMs: number; readonly answer: Answer }>[] = []
  while (!isOver()) {
    const sentMs = performance.now() - signalMs
    answers.push(
      getOnce(host, spec.port, spec.path, ANSWER_MS).then((answer) => ({ sentMs, answer })),
    )
    await sleep(sentMs < NEW_DENSE_FOR_MS ? NEW_EVERY_MS : NEW_EVERY_LATER_MS)
  }
  const all = await Promise.all(answers)
  const answered = all.filter(({ answer }) => isOk(answer))
  const failed = all.find(({ answer }) => !isOk(answer))
  const last = answered.at(-1)
  return {
    tried: all.length,
    answered: answered.length,
    ...(last && { lastAnsweredMs: last.sentMs }),
    ...(failed && { firstFailedMs: failed.sentMs, firstFailure: howFailed(failed.answer) }),
  }
}

/** As the path was answered before the signal: an answer that sends the client away serves it no better than none. */
const isOk = ({ outcome, status = 0 }: Answer): boolean => outcome === 'answered' && status < 400

function howFailed({ outcome, status }: Answer): string {
  if (outcome === 'answered') return `answered with ${String(status)}`
  return outcome === 'timeout' ? 'left without an answer' : outcome
}

/**
 * Has requests open when the signal comes: of a slow page when there is one; else an upload whose body is held back,
 * and, when the server answers without waiting for it, a request of which half has been sent.
 */
export async function probeInFlight(
  host: string,
  spec: TrySpec,
  answerMs: number,
): Promise<Probe<InFlightSeen>> {
  const slowPath = spec.slowPath ?? (answerMs >= SLOW_MS ? spec.path : undefined)
  if (slowPath !== undefined) {
    const text = getText(host, slowPath)
    const slow = await openRequests(host, spec, { by: 'slow page', text, rest: '' })
    await sleep(BEGUN_MS)
    return slow
  }
  const upload = `POST ${spec.path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\no`
  const trial = await openRequests(host, spec, { by: 'upload', text: upload, rest: 'k' })
  await sleep(SLOW_MS)
  if (trial.areOpen()) return trial
  trial.abandon()
  const [half, rest] = [`GET ${spec.path} HTTP/1.1\r\nHost: ${host}\r\n`, '\r\n']
  const halves = await openRequests(host, spec, { by: 'half a request', text: half, rest })
  // The server must have begun to read them, or it takes the connections for idle ones.
  await sleep(SLOW_MS)
  return halves
}

interface Held {
  readonly by: InFlightSeen['by']
  readonly text: string
  /** What is sent of the request a little after the signal. */
  readonly rest: string
}

async function openRequests(
  host: string,
  spec: TrySpec,
  { by, text, rest }: Held,
): Promise<Probe<InFlightSeen> & { areOpen(): boolean; abandon(): void }> {
  const connections = Array.from({ length: IN_FLIGHT }, () => new HttpConnection(host, spec.port))
  await Promise.all(connections.map(({ opened }) => opened))
  const timeoutMs = (spec.graceSeconds + 5) * 1_000
  const ended: Answer[] = []
  const answers = connections.map(async (connection) => {
    connection.send(text)
    const answer = await connection.answer(timeoutMs)
    ended.push(answer)
    return answer
  })
  return {
    areOpen: () => ended.length === 0,
    abandon: () => {
      for (const connection of connections) connection.destroy()
    },
    finish: async (signalMs) => {
      await sleep(Math.max(0, signalMs + LATE_MS - performance.now()))
      if (rest !== '') for (const connection of connections) connection.send(rest)
      const all = await Promise.all(answers)
      for (const connection of connections) connection.destroy()
      return summary(
        by,
        all.filter(({ endedAtMs }) => endedAtMs > signalMs),
        signalMs,
      )
    },
  }
}

function summary(by: InFlightSeen['by'], open: readonly Answer[], signalMs: number): InFlightSeen {
  if (open.length === 0) return { by: 'nothing', open: 0, finished: 0 }
  const finished = open.filter(({ outcome }) => outcome === 'answered')
  const last = Math.max(...finished.map(({ endedAtMs }) => endedAtMs - signalMs))
  return {
    by,
    open: open.length,
    finished: finished.length,
    ...(finished.length > 0 && { lastFinishedMs: last }),
  }
}
