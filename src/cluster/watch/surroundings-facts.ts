import type { AutoscalerFacts, BudgetFacts, NodeFacts } from '../surroundings.ts'
import type { RawObject } from './raw-object.ts'

/** The fields of a v1 Node that are looked at. */
export interface RawNode extends RawObject {
  readonly spec?: {
    readonly unschedulable?: boolean
    readonly taints?: readonly { readonly key: string; readonly effect?: string }[]
  }
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly nodeInfo?: { readonly kubeletVersion?: string }
  }
}

/** The fields of an autoscaling/v2 HorizontalPodAutoscaler that are looked at. */
export interface RawAutoscaler extends RawObject {
  readonly spec: {
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string }
    readonly minReplicas?: number
    readonly maxReplicas?: number
  }
  readonly status?: { readonly currentReplicas?: number; readonly desiredReplicas?: number }
}

/** The fields of a policy/v1 PodDisruptionBudget that are looked at. */
export interface RawBudget extends RawObject {
  readonly status?: {
    readonly disruptionsAllowed?: number
    readonly currentHealthy?: number
    readonly desiredHealthy?: number
    readonly expectedPods?: number
  }
}

export function nodeFacts({ metadata, spec, status }: RawNode): NodeFacts {
  const isTrue = (status?.conditions ?? []).filter((condition) => condition.status === 'True')
  const kubeletVersion = status?.nodeInfo?.kubeletVersion
  return {
    name: metadata.name,
    uid: metadata.uid,
    ready: isTrue.some(({ type }) => type === 'Ready'),
    unschedulable: spec?.unschedulable ?? false,
    taints: (spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect ?? ''}`),
    pressures: isTrue.map(({ type }) => type).filter((type) => type !== 'Ready'),
    ...(kubeletVersion !== undefined && { kubeletVersion }),
  }
}

export function autoscalerFacts({ metadata, spec, status }: RawAutoscaler): AutoscalerFacts {
  const { scaleTargetRef, minReplicas, maxReplicas } = spec
  return {
    name: metadata.name,
    uid: metadata.uid,
    target: `${scaleTargetRef?.kind ?? ''}/${scaleTargetRef?.name ?? ''}`,
    minReplicas: minReplicas ?? 1,
    maxReplicas: maxReplicas ?? 0,
    currentReplicas: status?.currentReplicas ?? 0,
    desiredReplicas: status?.desiredReplicas ?? 0,
  }
}

export const budgetFacts = ({ metadata, status }: RawBudget): BudgetFacts => ({
  name: metadata.name,
  uid: metadata.uid,
  disruptionsAllowed: status?.disruptionsAllowed ?? 0,
  currentHealthy: status?.currentHealthy ?? 0,
  desiredHealthy: status?.desiredHealthy ?? 0,
  expectedPods: status?.expectedPods ?? 0,
})
