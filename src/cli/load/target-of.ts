import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { changedOf } from '../../scenario/normal-form.ts'
import type { TargetSpec } from '../../scenario/scenario.ts'
import { targetSchema } from '../../scenario/schema.ts'
import { flagProblem } from './flag-problem.ts'

/** What is watched and where the load goes, in the words of a scenario file. */
export interface TargetFlags {
  readonly workload?: string
  readonly through?: string
}

/** The target that flags name; what they leave out is the file's. */
export function targetOf(
  { workload, through }: TargetFlags,
  fromFile: TargetSpec | undefined,
): Result<TargetSpec, readonly Problem[]> {
  const problems = [
    ...check('--workload', workload, fromFile !== undefined, 'deployment/web'),
    ...check(
      '--through',
      through,
      fromFile !== undefined,
      'service/web, ingress/web, gateway/web, httproute/web or a URL',
    ),
  ]
  if (problems.length > 0) return fail(problems)
  // Where the file says one of them, the other one's text only fills the form.
  const given = changedOf({ workload: workload ?? 'deployment/x', through: through ?? 'service/x' })
  return succeed({
    ...fromFile,
    workload: (workload === undefined ? fromFile?.workload : undefined) ?? given.workload,
    through: (through === undefined ? fromFile?.through : undefined) ?? given.through,
  })
}

function check(
  flag: '--workload' | '--through',
  text: string | undefined,
  hasFile: boolean,
  example: string,
): Problem[] {
  if (text === undefined) {
    if (hasFile) return []
    const message = `what is to be ${flag === '--workload' ? 'watched' : 'loaded'}?`
    return [{ code: 'no-target', message, hint: `add ${flag} ${example}, or name a file with -f` }]
  }
  const shape = flag === '--workload' ? targetSchema.shape.workload : targetSchema.shape.through
  const parsed = shape.safeParse(text)
  if (parsed.success) return []
  return parsed.error.issues.map(({ message }) => flagProblem(flag, text, message))
}
