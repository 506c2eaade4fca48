import type { Workload } from '../find-workload.ts'
import { type ObjectRef, pathOfRef, type WorkloadKind } from '../restore/object-ref.ts'

/** The workload as an object that can be changed. */
export const refOf = ({
  ref,
  namespace,
}: Workload): Extract<ObjectRef, { kind: WorkloadKind }> => ({ ...ref, namespace })

/** Where the API has the workload. */
export const workloadPath = (workload: Workload): string => pathOfRef(refOf(workload))

/** The field with the strategy of an update, as the kind spells it. */
export const strategyField = ({ ref }: Workload): 'strategy' | 'updateStrategy' =>
  ref.kind === 'deployment' ? 'strategy' : 'updateStrategy'
