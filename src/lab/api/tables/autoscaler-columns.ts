import type { KubeObject } from '../store.ts'
import type { Column } from './column.ts'
import { ageColumn, count, nameColumn, text } from './column.ts'

interface HorizontalPodAutoscaler extends KubeObject {
  spec: {
    minReplicas?: number
    maxReplicas?: number
    scaleTargetRef?: { kind: string; name: string }
  }
}

/** The columns of `kubectl get horizontalpodautoscalers`. */
export const horizontalPodAutoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  text('Reference', ({ spec: { scaleTargetRef } }) =>
    scaleTargetRef ? `${scaleTargetRef.kind}/${scaleTargetRef.name}` : '',
  ),
  text('Targets', () => '<none>'),
  text('MinPods', ({ spec }) => String(spec.minReplicas ?? 1)),
  count('MaxPods', ({ spec }) => spec.maxReplicas),
  count('Replicas', () => 0),
  ageColumn,
]
