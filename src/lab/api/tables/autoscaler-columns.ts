import type { HorizontalPodAutoscaler } from '../kinds/autoscaler.ts'
import type { Column } from './column.ts'
import { ageColumn, countAsText, nameColumn, text } from './column.ts'

/** The columns of `kubectl get horizontalpodautoscalers`. */
export const horizontalPodAutoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  text('Reference', ({ spec: { scaleTargetRef } }) =>
    scaleTargetRef ? `${scaleTargetRef.kind}/${scaleTargetRef.name}` : '',
  ),
  text('Targets', targets),
  text('MinPods', ({ spec }) => String(spec.minReplicas ?? 1)),
  countAsText('MaxPods', ({ spec }) => spec.maxReplicas),
  countAsText('Replicas', () => 0),
  ageColumn,
]

/** The lab has no metrics, so what they are is unknown, as on a cluster without a metrics server. */
function targets({ spec: { metrics = [] } }: HorizontalPodAutoscaler): string {
  const texts = metrics.map(({ type, resource }) => {
    const { averageUtilization, averageValue } = resource?.target ?? {}
    if (!resource) return `<unknown type: ${type}>`
    const wanted =
      averageUtilization === undefined ? (averageValue ?? '') : `${String(averageUtilization)}%`
    return `${resource.name}: <unknown>/${wanted}`
  })
  return texts.join(', ') || '<none>'
}
