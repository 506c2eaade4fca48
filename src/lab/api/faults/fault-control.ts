import type { Answer } from '../answer.ts'
import type { ApiRequest } from '../api-context.ts'
import { refuse } from '../answer.ts'
import { badRequest } from '../api-error.ts'
import type { FaultRule } from './fault.ts'
import type { FaultPlan } from './fault-plan.ts'

/** Where a test changes the plan of a running lab (PUT of `{rules}`) and reads what struck (GET). */
export const FAULTS_PATH = '/podtank.lab/faults'

/** Answers a request to {@link FAULTS_PATH}; its rules are those of `Lab.setFaults`, checked no further. */
export function controlFaults(plan: FaultPlan, { method, body }: ApiRequest): Answer {
  if (method === 'PUT') {
    const rules = readRules(body)
    if (!rules) return refuse(badRequest('the body must be {"rules": […]}'))
    plan.set(rules)
  }
  return { code: 200, body: { rules: plan.rules(), injected: plan.injected() } }
}

function readRules(body: Buffer): readonly FaultRule[] | undefined {
  try {
    const { rules } = JSON.parse(body.toString('utf8')) as { rules?: readonly FaultRule[] }
    return Array.isArray(rules) && rules.every(({ on, fault }: Partial<FaultRule>) => on && fault)
      ? rules
      : undefined
  } catch {
    return undefined
  }
}
