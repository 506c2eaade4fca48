import type { Problem } from '../base/problem.ts'
import { apiProblem } from '../cluster/api-problem.ts'
import type { DryCall } from '../cluster/dry-run/dry-run-client.ts'
import { type DryRunPart, type DryRunStep, noPart } from '../cluster/dry-run/dry-run-step.ts'

const NO_WAY_BACK = 'nothing to send: the controller makes other pods'

/** One step of what its action changed through the session, of its other writes, and of the problem that ended it. */
export function triedStep(
  changes: readonly DryRunStep[],
  writes: readonly DryCall[],
  problem: Problem | undefined,
): DryRunStep {
  const parts = changes.map(({ change }) => change)
  const change = joined([...parts, ...(writes.length > 0 ? [ofWrites(writes)] : [])], problem)
  const backs = changes.map(({ wayBack }) => wayBack)
  return {
    change,
    wayBack:
      backs.length > 0
        ? joined(backs, undefined)
        : noPart(problem ? 'there would be nothing to put back' : NO_WAY_BACK),
    fields: changes.flatMap(({ fields }) => fields),
  }
}

function ofWrites(writes: readonly DryCall[]): DryRunPart {
  const calls = writes.map(({ call }) => call)
  const errors = writes.flatMap(({ error }) => error ?? [])
  const hard = errors.find(({ isBudget, status }) => isBudget !== true && status !== 404)
  if (hard) return refusedPart(calls, apiProblem(hard, 'trying it'))
  const [budget] = errors
  if (!budget) return { verdict: 'accepted', calls }
  const text = `${errors.length} of ${calls.length} refused now, and asked again in a run: ${budget.message}`
  return { verdict: 'not-now', calls, text }
}

const refusedPart = (calls: DryRunPart['calls'], { code, message }: Problem): DryRunPart => ({
  verdict: 'refused',
  calls,
  code,
  text: message,
})

/** The worst of them decides. */
function joined(parts: readonly DryRunPart[], problem: Problem | undefined): DryRunPart {
  const calls = parts.flatMap((part) => part.calls)
  const worst = (['refused', 'not-now', 'accepted'] as const)
    .map((verdict) => parts.find((part) => part.verdict === verdict))
    .find((part) => part !== undefined)
  if (worst?.verdict === 'refused') return { ...worst, calls }
  if (problem) {
    const { code, message } = problem
    const isOfServer = code === 'forbidden' || code === 'api-call-failed'
    return { verdict: isOfServer ? 'refused' : 'impossible', calls, code, text: message }
  }
  return worst ? { ...worst, calls } : (parts[0] ?? noPart('there is no pod to choose'))
}
