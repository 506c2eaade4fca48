import type { RunClock } from '../base/clock.ts'
import type { Problem } from '../base/problem.ts'
import type { Random } from '../base/random.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { ClusterChange } from '../cluster/cluster-change.ts'
import { ClusterState } from '../cluster/cluster-state.ts'
import { textOfRef } from '../cluster/restore/object-ref.ts'
import {
  type ChangeSession,
  openSession,
  type SessionOptions,
} from '../cluster/restore/open-session.ts'
import { watchingSession } from '../cluster/restore/watching-session.ts'
import { ClusterWaiter } from '../cluster/wait-for-state.ts'
import { watchCluster } from '../cluster/watch-cluster.ts'
import { humanUs } from '../base/units.ts'
import type { EndEntry, Entry, Phase } from '../recording/entry.ts'
import { hideInScenario } from '../recording/hide-secrets.ts'
import { abandonment } from './abandonment.ts'
import { addressText } from './address-text.ts'
import { conductLoad, type LoadConduct } from './conduct-load.ts'
import { endReason } from './end-reason.ts'
import { plannedLoad } from './planned-load.ts'
import type { PreparedRun } from './prepare-run.ts'
import { type ChangingStep, restore } from './restore.ts'
import { SteadyTraffic } from './steady-traffic.ts'
import { isDisruptive, runSteps, type StepRun } from './step-runner.ts'

export interface RunOptions {
  readonly prepared: PreparedRun
  readonly clock: RunClock
  readonly random: Random
  readonly append: (entry: Entry) => void
  /** Of this run, in the cluster too: on its lock, and on everything that it changes. */
  readonly runId: string
  /** Present: a guardian process puts back when this one dies. Absent on the embedded lab, which dies with the run. */
  readonly guardian?: SessionOptions['guardian']
  /** Of the commands that the steps run; absent: this process's own environment. */
  readonly commandEnv?: Readonly<Record<string, string>>
  readonly onStopProgress?: LoadConduct['onStopProgress']
  /** Aborts load and steps; what was changed is put back all the same. */
  readonly stop: AbortSignal
  /** Aborts the waiting for the restored state too. */
  readonly hurry: AbortSignal
  /** Ends the run at once; what is not put back is left to the guardian, and to `podtank restore`. */
  readonly abandon?: AbortSignal
  /** The cluster is thrown away after the run: nothing is put back. */
  readonly isThrownAway?: boolean
}

/**
 * Runs a scenario: watch, then load and steps side by side, then put back. Everything that happens is appended to
 * the recording; the entry `end` is the last. Fails only before anything is changed: when the watch cannot be
 * established, the lock cannot be had, or the guardian cannot work.
 */
export async function runScenario(options: RunOptions): Promise<Result<EndEntry, Problem>> {
  const { prepared, clock, append } = options
  const { scenario, connection, workload, address } = prepared
  const state = new ClusterState()
  const waiter = new ClusterWaiter(state)
  const watching = new AbortController()
  append({
    kind: 'plan',
    atUs: 0,
    scenario: hideInScenario(scenario),
    namespace: workload.namespace,
    address: addressText(address),
    ...plannedLoad(scenario.load),
  })
  const watched = await watchCluster({
    connection,
    workload,
    services: prepared.services,
    nowUs: clock.nowUs,
    random: options.random.stream('watch'),
    signal: watching.signal,
    onChange(change: ClusterChange) {
      state.apply(change)
      waiter.changed(change)
      append({ kind: 'cluster', ...change })
    },
  })
  if (!watched.ok) {
    watching.abort()
    return watched
  }
  const lost = new AbortController()
  const session = await openSessionFor(options, (problem) => lost.abort(problem))
  if (!session.ok) {
    watching.abort()
    return session
  }
  const given = abandonment(options, session.value)
  const until = { ...options, append: given.append }
  const end = await Promise.race([
    loadAndSteps(until, state, waiter, session.value, lost.signal),
    given.end,
  ])
  watching.abort()
  append(end)
  return succeed(end)
}

/** The user's own command needs no lock of ours, and no way back. */
async function openSessionFor(
  { prepared: { scenario, connection, workload }, runId, guardian }: RunOptions,
  onLost: (problem: Problem) => void,
): Promise<Result<ChangeSession, Problem>> {
  const changes = scenario.steps.some((step) => isDisruptive(step) && step.type !== 'exec')
  if (!changes) return succeed(watchingSession(runId))
  return openSession({
    client: connection.client,
    namespace: workload.namespace,
    workload: workload.ref,
    run: runId,
    ...(guardian && { guardian }),
    onLost,
  })
}

async function loadAndSteps(
  options: RunOptions,
  state: ClusterState,
  waiter: ClusterWaiter,
  session: ChangeSession,
  lost: AbortSignal,
): Promise<EndEntry> {
  const { prepared, clock, append } = options
  const phase = (name: Phase) => append({ kind: 'phase', atUs: clock.nowUs(), phase: name })
  const failed = new AbortController()
  const finish = new AbortController()
  const traffic = new SteadyTraffic()
  const endsWithSteps = prepared.scenario.load.endsWithSteps === true
  const stop = AbortSignal.any([options.stop, failed.signal, lost])
  const changedBy = new Map<string, ChangingStep>()
  let isDisrupted = false

  phase('steady')
  const load = conductLoad({
    scenario: prepared.scenario,
    address: prepared.address,
    clock,
    append(entry) {
      append(entry)
      if (entry.kind === 'frame') traffic.frame(entry)
    },
    signal: stop,
    finish: finish.signal,
    ...(options.onStopProgress && { onStopProgress: options.onStopProgress }),
  }).then((conducted) => {
    traffic.loadEnded()
    if (conducted.stopped || endsWithSteps) failed.abort()
    return conducted
  })
  const steps = await stepsWithoutThrowing({
    steps: prepared.scenario.steps,
    actions: {
      connection: prepared.connection,
      workload: prepared.workload,
      session,
      pods: () => [...state.pods.values()],
    },
    waiter,
    traffic,
    ...(options.commandEnv && { commandEnv: options.commandEnv }),
    nowUs: clock.nowUs,
    append,
    signal: stop,
    onDisruption() {
      if (!isDisrupted) phase('disruption')
      isDisrupted = true
    },
    onChange: (ref, step) => changedBy.set(textOfRef(ref), step),
  })
  const isCutShort = endsWithSteps && failed.signal.aborted && !options.stop.aborted
  if (endsWithSteps) finish.abort(clock.nowUs())
  else if (!steps.ok) failed.abort()
  const { stopped } = await load
  const problem = lost.aborted
    ? (lost.reason as Problem)
    : isCutShort
      ? notOver(prepared.scenario)
      : undefined
  const putsBack = options.isThrownAway !== true
  if (putsBack && session.touched.length > 0) phase('restore')
  const { nowUs } = clock
  const notRestored = putsBack
    ? await restore({ session, changedBy, waiter, nowUs, append, hurry: options.hurry })
    : await leave(session)
  return {
    kind: 'end',
    atUs: clock.nowUs(),
    notRestored,
    ...endReason(options.stop, stopped, problem ? fail(problem) : steps),
  }
}

/** Ends the session and lets the cluster be as it is. */
async function leave(session: ChangeSession): Promise<string[]> {
  await session.close()
  return []
}

const notOver = ({ load }: PreparedRun['scenario']): Problem => ({
  code: 'not-over',
  message: `not over within ${humanUs(plannedLoad(load).plannedDurationUs)}`,
})

/** Even a bug of ours must not keep anything from being put back. */
async function stepsWithoutThrowing(run: StepRun): Promise<Result<void, Problem>> {
  try {
    return await runSteps(run)
  } catch (error) {
    return fail({
      code: 'bug',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  }
}
