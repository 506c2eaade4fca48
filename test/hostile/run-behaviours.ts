import type { RequestFailure } from '../../src/load/request-failure.ts'
import { type LoadOptions, type LoadRun, runLoad } from '../load/run-load.ts'
import { answerOk, startHostileServer } from '../support/hostile-server.ts'
import { certificate, testTls } from '../support/tls/certificate.ts'
import type { HostileBehaviour } from './behaviour.ts'

export type Engine = 'raw' | 'undici'

export const REQUESTS = {
  GET: { method: 'GET' },
  POST: { method: 'POST', body: '{"sum":1}' },
} as const

export interface BehavioursPlan {
  readonly behaviours: readonly HostileBehaviour[]
  readonly method: keyof typeof REQUESTS
  /** `reused`: the first request on each connection is answered well. */
  readonly on: 'new' | 'reused'
  readonly engine: Engine
  readonly timeoutUs: number
  /** Over TLS; absent: plain. */
  readonly isSecure?: boolean
  /** How often each behaviour is met at least. */
  readonly timesEach: number
  /** Requests a second into each behaviour. */
  readonly eachPerSecond: number
}

/** What came of all the behaviours in one load, so that they meet one another on one thread. */
export interface BehavioursRun {
  readonly run: LoadRun
  /** The numbers of the requests that the server saw whole, in order of arrival. */
  readonly seenSeqs: readonly number[]
  readonly connections: number
  /** How often the server did it. */
  misdeeds(behaviour: HostileBehaviour): number
  failures(behaviour: HostileBehaviour): readonly RequestFailure[]
  /** Of the requests that the server answered well, those that failed. */
  readonly goodFailures: readonly RequestFailure[]
}

/** A longer answer is a failure. */
const MAX_RESPONSE_BYTES = 262_144

/** Few enough for both sides' file descriptors in one process. */
const MAX_CONNECTIONS = 2_000

/** Requests planned for one that is spoilt; on reused connections at most every second may be. */
const PLANNED_PER_MISDEED = { new: 1, reused: 2.2 }

/**
 * Sends requests into each behaviour, all mixed and good answers between them. Each request has its
 * number in its path; the server goes round the behaviours.
 */
export async function runBehaviours(plan: BehavioursPlan): Promise<BehavioursRun> {
  const behaviourBySeq = new Map<number, HostileBehaviour>()
  const round: readonly (HostileBehaviour | undefined)[] = [...plan.behaviours, undefined]
  let turn = 0
  await using server = await startHostileServer(
    (socket, request) => {
      const seq = seqOf(request)
      const isSpared = plan.on === 'reused' && request.nthOnConnection === 0
      const behaviour = isSpared ? undefined : round[turn++ % round.length]
      if (behaviour) behaviourBySeq.set(seq, behaviour)
      const act = behaviour?.act ?? answerOk
      act(socket, request)
    },
    undefined,
    plan.isSecure ? certificate('server') : undefined,
  )
  const run = await runLoad(loadOptions(plan, server.port, round.length))
  const failures = Map.groupBy(run.failures, ({ seq }) => behaviourBySeq.get(seq))
  const misdeeds = Map.groupBy(behaviourBySeq.values(), (behaviour) => behaviour)
  return {
    run,
    seenSeqs: server.requests.map(seqOf),
    connections: server.connectionCount,
    misdeeds: (behaviour) => misdeeds.get(behaviour)?.length ?? 0,
    failures: (behaviour) => failures.get(behaviour) ?? [],
    goodFailures: failures.get(undefined) ?? [],
  }
}

const seqOf = ({ path }: { readonly path: string }): number => Number(path.slice(1))

function loadOptions(plan: BehavioursPlan, port: number, kinds: number): LoadOptions {
  const plannedEach = Math.round(plan.timesEach * PLANNED_PER_MISDEED[plan.on])
  const planned = kinds * plannedEach
  const durationMs = (plannedEach / plan.eachPerSecond) * 1_000
  return {
    port,
    ...(plan.isSecure && { tlsMaterial: testTls }),
    engine: plan.engine,
    schedule: `const(${kinds * plan.eachPerSecond},${durationMs}ms)`,
    connections: plan.on === 'new' ? 'new' : 'reuse',
    timeoutUs: plan.timeoutUs,
    maxConnections: MAX_CONNECTIONS,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    maxListedFailures: planned,
    requests: [{ ...REQUESTS[plan.method], path: '/{{seq}}' }],
  }
}
