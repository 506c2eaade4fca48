import type { JsonObject, WorkloadRef } from '../../scenario/scenario.ts'
import { namespacedPath } from '../paths.ts'
import { type ObjectRef, readRef } from './object-ref.ts'
import type { ApiObject } from './restore-record.ts'

export const LEASE_LABEL = { 'app.kubernetes.io/managed-by': 'podtank' } as const
export const LEASE_SELECTOR = 'app.kubernetes.io/managed-by=podtank'

const RUN_ANNOTATION = 'podtank.dev/run'
const OBJECTS_ANNOTATION = 'podtank.dev/objects'
const SAVED_ANNOTATION = 'podtank.dev/saved'

export const leasePath = (namespace: string, name?: string): string =>
  namespacedPath('coordination.k8s.io/v1')(namespace, 'leases', name)

/** One lock for each workload. */
export const leaseName = ({ kind, name }: WorkloadRef): string => `podtank-${kind}-${name}`

/** The lock of a run, and the list of what it may have changed. */
export interface RunLease {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly resourceVersion: string
  readonly run: string
  /** The run itself, or who puts back for it; empty: nobody is at work on it. */
  readonly holder: string
  readonly durationSeconds: number
  readonly renewTime: string
  /** Everything that the run may have changed, in order. */
  readonly objects: readonly ObjectRef[]
  /** Name of the ConfigMap with the manifest of a workload that is to be deleted. */
  readonly saved?: string
}

interface RawLease extends ApiObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    readonly renewTime?: string
  }
}

/** Reads a Lease; undefined when it is not one of a run. */
export function readLease(object: JsonObject): RunLease | undefined {
  const { metadata, spec } = object as unknown as RawLease
  const annotations = metadata.annotations ?? {}
  const run = annotations[RUN_ANNOTATION]
  if (run === undefined) return undefined
  const saved = annotations[SAVED_ANNOTATION]
  return {
    name: metadata.name,
    namespace: (metadata as { namespace?: string }).namespace ?? '',
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    run,
    holder: spec?.holderIdentity ?? '',
    durationSeconds: spec?.leaseDurationSeconds ?? 0,
    renewTime: spec?.renewTime ?? '',
    objects: readObjects(annotations[OBJECTS_ANNOTATION]),
    ...(saved !== undefined && saved !== '' && { saved }),
  }
}

function readObjects(text: string | undefined): ObjectRef[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(list) ? list.flatMap((one) => readRef(one) ?? []) : []
  } catch {
    return []
  }
}

/** The Lease that a run creates before its first change. */
export function newLease(options: {
  readonly namespace: string
  readonly workload: WorkloadRef
  readonly run: string
  readonly durationSeconds: number
}): JsonObject {
  const { namespace, workload, run } = options
  const object: ObjectRef = { ...workload, namespace }
  const now = microTime()
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: leaseName(workload),
      namespace,
      labels: LEASE_LABEL,
      annotations: { [RUN_ANNOTATION]: run, [OBJECTS_ANNOTATION]: JSON.stringify([object]) },
    },
    spec: {
      holderIdentity: run,
      leaseDurationSeconds: options.durationSeconds,
      acquireTime: now,
      renewTime: now,
    },
  }
}

/** What of a lease may change, as a merge patch with the precondition that it is still the one that was read. */
export interface LeaseChange {
  readonly holder?: string
  readonly objects?: readonly ObjectRef[]
  readonly saved?: string
}

export function leasePatch({ resourceVersion }: RunLease, change: LeaseChange): JsonObject {
  const annotations = {
    ...(change.objects && { [OBJECTS_ANNOTATION]: JSON.stringify(change.objects) }),
    ...(change.saved !== undefined && { [SAVED_ANNOTATION]: change.saved }),
  }
  return {
    metadata: { resourceVersion, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: {
      renewTime: microTime(),
      ...(change.holder !== undefined && { holderIdentity: change.holder }),
    },
  }
}

/** MicroTime, as Leases have it. */
const microTime = () => new Date().toISOString().replace('Z', '000Z')
