import type { Problem } from '../../base/problem.ts'
import type { Step } from '../../scenario/scenario.ts'

/** Whether a scenario may run what it wants to run on this machine: a file from elsewhere must not, unless it is said. */
export function guardExec(steps: readonly Step[], isAllowed: boolean): Problem | undefined {
  const step = steps.find(({ type }) => type === 'exec')
  if (isAllowed || step?.type !== 'exec') return undefined
  return {
    code: 'refused',
    message: `the step "${step.label}" in line ${step.line} runs a command on this machine: ${step.command.join(' ')}`,
    hint: 'read the scenario; when that is meant, add --allow-exec',
  }
}
