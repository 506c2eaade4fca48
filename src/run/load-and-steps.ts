import type { Problem } from '../base/problem.ts'
import { fail, type Result } from '../base/result.ts'
import { humanUs } from '../base/units.ts'
import type { ClusterState } from '../cluster/cluster-state.ts'
import { textOfRef } from '../cluster/restore/object-ref.ts'
import type { ChangeSession } from '../cluster/restore/open-session.ts'
import type { ClusterWaiter } from '../cluster/wait-for-state.ts'
import type { EndEntry, Phase } from '../recording/entry.ts'
import { conductLoad } from './conduct-load.ts'
import { endReason } from './end-reason.ts'
import { plannedLoad } from './planned-load.ts'
import type { PreparedRun } from './prepare-run.ts'
import { type ChangingStep, restore } from './restore.ts'
import type { RunOptions } from './run-options.ts'
import { SteadyTraffic } from './steady-traffic.ts'
import { runSteps, type StepRun } from './step-runner.ts'

/**
 * Load and steps side by side, until both are done or one ends the other, and then the way back. Gives the entry that
 * ends the recording.
 */
export async function loadAndSteps(
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
