import type { JsonObject } from '../../scenario/scenario.ts'
import { LEASE_LABEL } from './lease-object.ts'
import type { ApiObject } from './restore-record.ts'

/** The ConfigMap that keeps a workload while it is deleted. */
export const savedName = (run: string): string => `podtank-${run}`

/** Set by the server; a create must not have them. */
const SERVER_FIELDS = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]

/** A ConfigMap with the whole manifest of an object, such that creating it brings the object back. */
export function savedManifest(run: string, namespace: string, object: JsonObject): JsonObject {
  const rest = Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'status'))
  const metadata = Object.fromEntries(
    Object.entries((object as unknown as ApiObject).metadata).filter(
      ([name]) => !SERVER_FIELDS.includes(name),
    ),
  )
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: savedName(run), namespace, labels: LEASE_LABEL },
    data: { manifest: JSON.stringify({ ...rest, metadata }) },
  }
}
