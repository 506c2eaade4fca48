import { join } from 'node:path'
import { runClock } from '../base/clock.ts'
import type { Problem } from '../base/problem.ts'
import { random } from '../base/random.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { connect, type ConnectOptions } from '../cluster/connect.ts'
import { guardExec } from '../cluster/guard/guard-exec.ts'
import type { Allowances } from '../cluster/guard/guard-facts.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNetwork } from '../lab/network/lab-network.ts'
import { startLab } from '../lab/start-lab.ts'
import type { EndEntry, MetaEntry } from '../recording/entry.ts'
import { readRecording } from '../recording/read-recording.ts'
import type { RunResult } from '../report/result.ts'
import { type PreparedRun, prepareRun } from '../run/prepare-run.ts'
import { runScenario } from '../run/run-scenario.ts'
import type { ClusterScenario } from '../scenario/scenario.ts'
import type { RunView } from '../view/run-view.ts'
import { commandEnvOf } from './command-env.ts'
import { type Host, say } from './host.ts'
import { metaEntry } from './meta-entry.ts'
import { type RecordedRun, recordRun } from './record-run.ts'
import { interruptedEarly, type StopControl, stopControl } from './stop-control.ts'
import { writeOutputs } from './write-outputs.ts'

export interface ExecuteOptions {
  readonly host: Host
  readonly scenario: ClusterScenario
  /** Present: run on an embedded lab that lives as long as the run. */
  readonly lab?: {
    readonly seed: number
    /** Absent: one. */
    readonly nodes?: number
    readonly network?: LabNetwork
    readonly networkWhy?: string
    /** What the steps have changed is not put back before the lab ends: it would only take time. */
    readonly isThrownAway?: boolean
  }
  readonly connect: ConnectOptions
  /** What the user has said is meant, where a guard would refuse. */
  readonly allowed?: Allowances
  /** The command of its steps was typed by the user: it may run, and has all of our environment. */
  readonly isCommandTyped?: true
  /** The run's directory; must not be there yet. */
  readonly directory: string
  /** Told before the first change, so that a person can see what is about to be touched. */
  readonly announce: (prepared: PreparedRun, environment: MetaEntry['environment']) => void
  readonly openView: (stop: () => void) => Promise<RunView>
}

export interface ExecutedRun {
  readonly result: RunResult
  readonly directory: string
}

/** Runs a scenario from beginning to end: lab, connection, recording, run, outputs. The lab is gone afterwards, whatever happened. */
export async function executeRun(options: ExecuteOptions): Promise<Result<ExecutedRun, Problem>> {
  const isExecAllowed = options.isCommandTyped === true || options.allowed?.exec === true
  const refusal = guardExec(options.scenario.steps, isExecAllowed)
  if (refusal) return fail(refusal)
  const stopping = stopControl(options.host)
  try {
    if (!options.lab) return await runOn(options, stopping, undefined)
    const nodes = options.scenario.lab?.nodes
    const lab = await startLab({
      directory: join(options.directory, 'lab'),
      ...options.lab,
      ...(nodes !== undefined && { nodes }),
      // Beside the recording, for tests only: nothing of ours reads it.
      truthPath: join(options.directory, 'lab', 'truth.ndjson'),
    })
    if (!lab.ok) return lab
    try {
      return await runOn(options, stopping, lab.value)
    } finally {
      await lab.value.close()
    }
  } finally {
    stopping.close()
  }
}

async function runOn(
  options: ExecuteOptions,
  stopping: StopControl,
  lab: Lab | undefined,
): Promise<Result<ExecutedRun, Problem>> {
  const connection = await connect(
    lab ? { ...options.connect, kubeconfig: lab.kubeconfigPath } : options.connect,
  )
  if (!connection.ok) return connection
  const prepared = await prepareRun({
    scenario: options.scenario,
    connection: connection.value,
    isLab: lab !== undefined,
    allowed: options.allowed ?? {},
    signal: stopping.stop.signal,
    tell: (text) => say(options.host, text),
  })
  if (!prepared.ok)
    return stopping.stop.signal.aborted ? fail(interruptedEarly(stopping, 'changed')) : prepared
  const { contextName, serverVersion } = connection.value
  const meta = metaEntry(options.host, {
    cluster: lab ? 'lab' : contextName,
    serverVersion,
    ...(options.lab && { seed: options.lab.seed }),
    ...(lab && { labNetwork: lab.fidelity.network }),
    limits: lab?.fidelity.limits ?? [],
  })
  options.announce(prepared.value, meta.environment)
  const commandEnv = options.isCommandTyped
    ? undefined
    : commandEnvOf(options, prepared.value, lab?.kubeconfigPath)
  const recorded = await record(options, stopping, prepared.value, meta, commandEnv)
  if (!recorded.ok) return recorded
  const { diskProblem, end } = recorded.value
  const hasLeft = end.notRestored.length > 0
  if (diskProblem) return fail(hasLeft ? notRestored(end) : putBack(diskProblem))
  const recording = await readRecording(options.directory)
  if (!recording.ok) return recording
  const result = writeOutputs(recording.value, options.directory)
  if (!result.ok) return hasLeft ? fail(notRestored(end)) : result
  return succeed({ result: result.value, directory: options.directory })
}

function record(
  options: ExecuteOptions,
  stopping: StopControl,
  prepared: PreparedRun,
  meta: MetaEntry,
  commandEnv: Readonly<Record<string, string>> | undefined,
): Promise<Result<RecordedRun, Problem>> {
  const { directory, lab, openView } = options
  return recordRun({
    directory,
    meta,
    stopping,
    openView,
    conduct: ({ append, onStopProgress }) =>
      runScenario({
        prepared,
        clock: runClock(meta.startedAtMonotonicUs),
        random: random(meta.environment.seed ?? 1),
        append,
        runId: meta.runId,
        isThrownAway: lab?.isThrownAway === true,
        ...(!lab && {
          guardian: { connect: options.connect, logPath: join(directory, 'guardian.log') },
        }),
        ...(commandEnv && { commandEnv }),
        onStopProgress,
        stop: stopping.stop.signal,
        hurry: stopping.hurry.signal,
        abandon: stopping.abandon.signal,
      }),
  })
}

const putBack = (problem: Problem): Problem => ({
  ...problem,
  message: `${problem.message}; the run was stopped, and what it had changed was put back`,
})

const notRestored = (end: EndEntry): Problem => ({
  code: 'not-restored',
  message: `not everything could be put back: ${end.notRestored.join('; ')}`,
})
