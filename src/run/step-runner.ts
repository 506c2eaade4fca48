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
  readonly nowUs: () => number
  readonly append: (entry: Entry) => void
  readonly signal: AbortSignal
  /** Called before a step that changes something, the first one and every later one. */
  readonly onDisruption: () => void
  /** Called before an object is changed, so that its way back has a step to belong to. */
  readonly onChange: (ref: ObjectRef, step: ChangingStep) => void
}

/**
 * Takes the steps one after another; stops at the first that fails, or when the signal aborts. After a command that
 * failed it goes on: what the traffic makes of its leavings is what one wants to see.
 */
export async function runSteps(run: StepRun): Promise<Result<void, Problem>> {
  let failure: Result<never, Problem> | undefined
  for (const [index, step] of run.steps.entries()) {
    if (run.signal.aborted) {
      tell(run, index, step, 'skipped')
      continue
    }
    tell(run, index, step, 'started')
    const taken = await takeStep(run, index, step)
    if (!taken.ok) {
      tell(run, index, step, 'failed', { detail: taken.error.message })
      const message = `step ${index + 1} (${step.label}): ${taken.error.message}`
      failure ??= fail({ ...taken.error, message })
      if (step.type === 'exec') continue
      return failure
    }
    tell(run, index, step, 'done', taken.value)
  }
  return failure ?? succeed(undefined)
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
  if (step.type === 'exec') return exec(run, step.command)
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
  command: readonly string[],
): Promise<Result<Partial<StepEffect>, Problem>> {
  const { signal, nowUs, append } = run
  run.onDisruption()
  run.waiter.expectChange()
  const ended = await execCommand({
    command,
    signal,
    nowUs,
    onLine: (message) => append({ kind: 'harness', atUs: nowUs(), type: 'command-said', message }),
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
