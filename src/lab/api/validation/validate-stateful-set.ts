import type { StatefulSetSpec } from '../kinds/stateful-set.ts'
import type { JsonObject } from '../patch/json-object.ts'
import { sameJson } from '../snapshot.ts'
import { isCount, mistakes } from './mistakes.ts'
import { validateWorkload } from './validate-workload.ts'

/** The mistakes of a StatefulSet's spec, in the words of Kubernetes. */
export function validateStatefulSet(spec: JsonObject | undefined): string[] {
  const found = validateWorkload('statefulset', spec)
  if (!spec) return found
  const { podManagementPolicy = 'OrderedReady', updateStrategy } =
    spec as unknown as StatefulSetSpec
  if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== ('Parallel' as string)) {
    found.push(
      `spec.podManagementPolicy: Invalid value: ${JSON.stringify(podManagementPolicy)}: must be 'OrderedReady' or 'Parallel'`,
    )
  }
  return [...found, ...validateStrategy(updateStrategy)]
}

function validateStrategy(strategy: StatefulSetSpec['updateStrategy']): string[] {
  const { type = 'RollingUpdate', rollingUpdate } = strategy ?? {}
  const path = 'spec.updateStrategy'
  if (type === 'OnDelete') {
    return rollingUpdate
      ? [
          `${path}.rollingUpdate: Invalid value: ${JSON.stringify(rollingUpdate)}: only allowed for updateStrategy 'RollingUpdate'`,
        ]
      : []
  }
  if (type !== ('RollingUpdate' as string)) {
    return [
      `${path}: Invalid value: ${JSON.stringify(strategy)}: must be 'RollingUpdate' or 'OnDelete'`,
    ]
  }
  const { partition = 0 } = rollingUpdate ?? {}
  return isCount(partition) ? [] : [mistakes.negative(`${path}.rollingUpdate.partition`, partition)]
}

/** What of a StatefulSet's spec may change; all else stays as it was made. */
const CHANGEABLE: readonly (keyof StatefulSetSpec)[] = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

/** The mistake of an update that touches what a StatefulSet keeps. */
export function validateStatefulSetChange(
  current: JsonObject | undefined,
  next: JsonObject | undefined,
): string[] {
  const fixed = (spec: JsonObject = {}) =>
    Object.entries(spec)
      .filter(([key]) => !(CHANGEABLE as readonly string[]).includes(key))
      .sort(([left], [right]) => (left < right ? -1 : 1))
  if (sameJson(fixed(current), fixed(next))) return []
  return [
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', " +
      "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ]
}
