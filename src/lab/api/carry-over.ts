import type { Route } from './parse-route.ts'
import type { JsonObject } from './patch/json-object.ts'
import type { KubeObject, ObjectMeta } from './store.ts'
import { clientMetadata, withoutNulls } from './client-object.ts'
import { asObject } from './patch/json-object.ts'
import { draftOf } from './snapshot.ts'

const SERVER_METADATA = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const satisfies (keyof ObjectMeta)[]

/**
 * The next state of an object after an update: what the client wants, except what only the server sets. The status
 * changes through `/status` only, and there nothing else does.
 */
export function carryOver(route: Route, current: KubeObject, wanted: JsonObject): KubeObject {
  const { kind, subresource } = route
  if (subresource === 'status')
    return draftOf({
      ...current,
      metadata: { ...current.metadata, ...statusMetadata(wanted) },
      status: withoutNulls(wanted['status']),
    })
  const next: JsonObject = {
    ...wanted,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata: { ...clientMetadata(wanted), ...serverMetadata(current.metadata) },
  }
  if (kind.subresources.includes('status')) next['status'] = current.status
  if (kind.resource === 'services') next['spec'] = keepAddress(current.spec, next['spec'])
  return draftOf(withoutNulls(next)) as unknown as KubeObject
}

/** Labels and annotations may be written with the status. */
const statusMetadata = (wanted: JsonObject): JsonObject => {
  const { labels, annotations } = clientMetadata(wanted)
  return { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }
}

const serverMetadata = (metadata: ObjectMeta): JsonObject =>
  Object.fromEntries(SERVER_METADATA.map((key) => [key, metadata[key]]))

/** A PUT of a Service without addresses keeps the allocated ones. */
function keepAddress(current: unknown, wanted: unknown): unknown {
  const { clusterIP, clusterIPs } = asObject(current) ?? {}
  const members = asObject(wanted)
  return members && { clusterIP, clusterIPs, ...members }
}
