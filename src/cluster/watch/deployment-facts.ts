import type { DeploymentFacts } from '../workload-change.ts'
import { type RawReplicated, replicatedFacts } from './workload-facts.ts'

/** The fields of an apps/v1 Deployment that are looked at. */
export interface RawDeployment extends RawReplicated {
  readonly spec: RawReplicated['spec'] & { readonly strategy?: { readonly type?: string } }
  readonly status?: RawReplicated['status'] & {
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason?: string
    }[]
  }
}

/** Projects a Deployment to the facts that matter for a rollout. */
export function deploymentFacts(deployment: RawDeployment): DeploymentFacts {
  const { spec, status } = deployment
  const isDeadlineExceeded = status?.conditions?.some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  )
  return {
    ...replicatedFacts(deployment),
    strategy: spec.strategy?.type ?? 'RollingUpdate',
    ...(isDeadlineExceeded && { deadlineExceeded: true }),
  }
}
