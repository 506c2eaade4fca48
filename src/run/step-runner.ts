import { pause } from '../base/pause.ts'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { actionOf } from '../cluster/act/action-of.ts'
import type { ActionContext, StepEffect } from '../cluster/act/step-effect.ts'
import { refOf } from '../cluster/act/workload-object.ts'
import type { ObjectRef } from '../cluster/restore/object-ref.ts'
import type { ClusterWaiter } from '../cluster/wait-for-state.ts'
import type { Entry } from '../recording/entry.ts'
import type { Step } from '../scenario/scenario.ts'
import { execCommand } from './exec-command.ts'
import type { ChangingStep } from './restore.ts'
import type { SteadyTraffic } from './steady-traffic.ts'

export interface StepRun {
  readonly steps: readonly Step[]
  readonly actions: Omit<ActionContext, 'signal'>
  readonly waiter: ClusterWaiter
  readonly traffic: SteadyTraffic
  /** Of commands; absent: this process's own. */
  readonly commandEnv?: Readonly<Record<string, string>>
  readonly nowUs: () => number
  readonly append: (entry: Entry) => void
  readonly signal: AbortSignal
  /** Called before a step that changes something, the first one and every later one. */
  readonly onDisruption: () => void
  /** Called before an object is changed, so that its way back has a step to belong to. */
  readonly onChange: (ref: ObjectRef, step: ChangingStep) => void
}

/** A step with its place among all of them. */
interface Numbered {
  readonly index: number
  readonly step: Step
}

/**
 * Takes the steps one after another, those of a `parallel` at the same time; stops at the first that fails, or when the
 * signal aborts. After a command of `podtank during` that failed it goes on.
 */
export async function runSteps(run: StepRun): Promise<Result<void, Problem>> {
  let failure: Result<void, Problem> = succeed(undefined)
  for (const branches of partsOf(run.steps)) {
    const ended = await runBranches(run, branches)
    if (failure.ok) failure = ended
    if (!ended.ok && !branches.every((branch) => branch.every(({ step }) => goesOn(step)))) break
  }
  return failure
}

const goesOn = (step: Step): boolean => step.type === 'exec' && step.goesOnAfterFailure === true

/** What is taken at the same time: one branch, or those of a `parallel`. */
function partsOf(steps: readonly Step[]): readonly (readonly (readonly Numbered[])[])[] {
  const parts: { readonly group: number | undefined; readonly branches: Numbered[][] }[] = []
  for (const [index, step] of steps.entries()) {
    const { group, branch = 0 } = step.beside ?? {}
    const last = parts.at(-1)
    const part =
      last && group !== undefined && last.group === group ? last : { group, branches: [] }
    if (part !== last) parts.push(part)
    const own = (part.branches[branch] ??= [])
    own.push({ index, step })
  }
  return parts.map(({ branches }) => branches)
}

/** All at once; when a step of one fails, the others begin no further step and wait no longer. */
async function runBranches(
  run: StepRun,
  branches: readonly (readonly Numbered[])[],
): Promise<Result<void, Problem>> {
  const failed = new AbortController()
  const signal = AbortSignal.any([run.signal, failed.signal])
  const ends = branches.map(async (branch) => {
    const ended = await runBranch({ ...run, signal }, branch)
    if (!ended.ok) failed.abort()
    return ended
  })
  return (await Promise.all(ends)).find((ended) => !ended.ok) ?? succeed(undefined)
}

async function runBranch(
  run: StepRun,
  branch: readonly Numbered[],
): Promise<Result<void, Problem>> {
  for (const { index, step } of branch) {
    if (run.signal.aborted) {
      tell(run, index, step, 'skipped')
      continue
    }
    tell(run, index, step, 'started')
    const taken = await takeStep(run, index, step)
    if (!taken.ok) {
      tell(run, index, step, 'failed', { detail: taken.error.message })
      const message = `step ${index + 1} (${step.label}): ${taken.error.message}`
      return fail({ ...taken.error, message })
    }
    tell(run, index, step, 'done', taken.value)
  }
  return succeed(undefined)
}

async function takeStep(
  run: StepRun,
  index: number,
  step: Step,
): Promise<Result<Partial<StepEffect>, Problem>> {
  if (step.type === 'wait') {
    await pause(step.durationUs / 1_000, run.signal)
    return succeed(run.signal.aborted ? { detail: 'interrupted' } : {})
  }
  if (step.type === 'wait-until') {
    const reached = await run.waiter.waitFor(step.state, step.timeoutUs / 1_000, run.signal)
    return reached.ok ? succeed({}) : reached
  }
  if (step.type === 'wait-steady') {
    const steady = await run.traffic.waitFor(step.durationUs, step.timeoutUs, run.signal)
    return steady.ok ? succeed({}) : steady
  }
  if (step.type === 'exec') return exec(run, index, step)
  const action = actionOf(step)
  if (!action) return succeed({})
  run.onDisruption()
  run.waiter.expectChange()
  const { session } = run.actions
  const changing = { index, label: step.label }
  return action({
    ...run.actions,
    signal: run.signal,
    session: {
      change(ref, doing, make) {
        run.onChange(ref, changing)
        return session.change(ref, doing, make)
      },
      deleteWorkload() {
        run.onChange(refOf(run.actions.workload), changing)
        return session.deleteWorkload()
      },
    },
  })
}

async function exec(
  run: StepRun,
  index: number,
  { command, timeoutUs, directory }: Extract<Step, { type: 'exec' }>,
): Promise<Result<Partial<StepEffect>, Problem>> {
  const { signal, nowUs, append } = run
  run.onDisruption()
  run.waiter.expectChange()
  const ended = await execCommand({
    command,
    ...(timeoutUs !== undefined && { timeoutUs }),
    ...(directory !== undefined && { directory }),
    ...(run.commandEnv && { env: run.commandEnv }),
    signal,
    nowUs,
    onLine: (message) =>
      append({ kind: 'harness', atUs: nowUs(), type: 'command-said', message, step: index }),
  })
  return signal.aborted ? succeed({ detail: 'interrupted' }) : ended
}

function tell(
  run: StepRun,
  index: number,
  step: Step,
  state: 'started' | 'done' | 'failed' | 'skipped',
  effect: Partial<StepEffect> = {},
): void {
  run.append({
    kind: 'step',
    atUs: run.nowUs(),
    index,
    label: step.label,
    disruptive: isDisruptive(step),
    state,
    ...(effect.detail !== undefined && { detail: effect.detail }),
    ...(effect.pods && { pods: effect.pods }),
  })
}

/** Whether a step changes something, rather than only waiting. */
export const isDisruptive = ({ type }: Step): boolean =>
  type !== 'wait' && type !== 'wait-until' && type !== 'wait-steady'
