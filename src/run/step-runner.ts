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
import type { ChangingStep } from './restore.ts'

export interface StepRun {
  readonly steps: readonly Step[]
  readonly actions: Omit<ActionContext, 'signal'>
  readonly waiter: ClusterWaiter
  readonly nowUs: () => number
  readonly append: (entry: Entry) => void
  readonly signal: AbortSignal
  /** Called before a step that changes something, the first one and every later one. */
  readonly onDisruption: () => void
  /** Called before an object is changed, so that its way back has a step to belong to. */
  readonly onChange: (ref: ObjectRef, step: ChangingStep) => void
}

/** Takes the steps one after another; stops at the first that fails, or when the signal aborts. */
export async function runSteps(run: StepRun): Promise<Result<void, Problem>> {
  for (const [index, step] of run.steps.entries()) {
    if (run.signal.aborted) {
      tell(run, index, step, 'skipped')
      continue
    }
    tell(run, index, step, 'started')
    const taken = await takeStep(run, index, step)
    if (!taken.ok) {
      tell(run, index, step, 'failed', { detail: taken.error.message })
      return fail({
        ...taken.error,
        message: `step ${index + 1} (${step.label}): ${taken.error.message}`,
      })
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
export const isDisruptive = (step: Step): boolean =>
  step.type !== 'wait' && step.type !== 'wait-until'
