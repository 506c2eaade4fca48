import type { KubeObject } from '../store.ts'

/** An autoscaling/v2 HorizontalPodAutoscaler. The lab keeps it and scales nothing: it has no metrics. */
export interface HorizontalPodAutoscaler extends KubeObject {
  spec: {
    minReplicas?: number
    maxReplicas?: number
    scaleTargetRef?: { kind: string; name: string }
    metrics?: MetricSpec[]
  }
  status?: { currentMetrics: null; desiredReplicas: number }
}

/** What a HorizontalPodAutoscaler goes by; those of the type Resource have `resource`. */
export interface MetricSpec {
  type: string
  resource?: {
    name: string
    target?: { type: string; averageUtilization?: number; averageValue?: string }
  }
}

/** At least one pod, and 80 % of the CPU when no metric is named. */
export function fillAutoscalerDefaults(draft: HorizontalPodAutoscaler): void {
  draft.spec.minReplicas ??= 1
  if ((draft.spec.metrics ?? []).length === 0) {
    const target = { type: 'Utilization', averageUtilization: 80 }
    draft.spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }]
  }
  draft.status ??= { currentMetrics: null, desiredReplicas: 0 }
}
