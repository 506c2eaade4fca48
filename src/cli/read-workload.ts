import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import type { WorkloadRef } from '../scenario/scenario.ts'

/** As kubectl has them: singular, plural, short. */
const KINDS: Readonly<Record<string, WorkloadRef['kind']>> = {
  deployment: 'deployment',
  deployments: 'deployment',
  deploy: 'deployment',
  statefulset: 'statefulset',
  statefulsets: 'statefulset',
  sts: 'statefulset',
  daemonset: 'daemonset',
  daemonsets: 'daemonset',
  ds: 'daemonset',
}

/** Reads `TYPE/NAME` as kubectl does. */
export function readWorkload(text: string): Result<WorkloadRef, Problem> {
  const [, type = '', name = ''] = /^([a-z]+)(?:\.apps)?\/([a-z0-9][a-z0-9.-]*)$/i.exec(text) ?? []
  const kind = KINDS[type.toLowerCase()]
  if (kind) return succeed({ kind, name })
  return fail({
    code: 'bad-workload',
    message: `"${text}" names no workload`,
    hint: 'write deployment/NAME, statefulset/NAME or daemonset/NAME; nothing for all pods of the namespace',
  })
}
