import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiClient } from '../api-client.ts'
import { listLooseRecords, listRunLeases, type LooseRecord, watchLease } from './find-leftovers.ts'
import type { RunLease } from './lease-object.ts'
import type { WorkloadKind } from './object-ref.ts'
import { type RestoredLeftover, restoreLeftover } from './restore-leftover.ts'
import { restoreObject, type RestoreObjectOptions } from './restore-object.ts'

export interface RestoreNamespaceOptions extends Pick<
  RestoreObjectOptions,
  'client' | 'by' | 'foreign' | 'isDryRun' | 'tryForMs'
> {
  readonly namespace: string
  /** Only what this run left. */
  readonly run?: string
  /** How long a lock must not be renewed; absent: as long as the lock itself says. 0: do not look. */
  readonly silenceMs?: number
  /** Which kinds are looked through for records without a lock; absent: all. */
  readonly kinds?: readonly WorkloadKind[]
  readonly signal: AbortSignal
  /** Told that it is being looked whether a run is still at work. */
  readonly onWaiting?: (lease: RunLease) => void
}

/** What was found in a namespace, and what became of it. */
export interface RestoredNamespace {
  readonly leftovers: readonly RestoredLeftover[]
  /** Runs that are at work; nothing of theirs was touched. */
  readonly alive: readonly RunLease[]
  /** Records without a lock, which are not put back unless asked for (`overwrite`) or given up (`keep`). */
  readonly loose: readonly LooseRecord[]
}

/** Puts back what dead runs left in a namespace; any process with a kubeconfig can do it. */
export async function restoreNamespace(
  options: RestoreNamespaceOptions,
): Promise<Result<RestoredNamespace, Problem>> {
  const { client, namespace, run, signal, silenceMs } = options
  const listed = await listRunLeases(client, namespace)
  if (!listed.ok) return listed
  const leases = listed.value.filter((lease) => run === undefined || lease.run === run)
  const found = await Promise.all(
    leases.map(async (lease) => {
      if (lease.holder !== '' && silenceMs !== 0) options.onWaiting?.(lease)
      const life = await watchLease(client, lease, {
        signal,
        ...(silenceMs !== undefined && { silenceMs }),
      })
      return { lease, life }
    }),
  )
  const unknown = found.find(({ life }) => life === 'unknown')
  if (unknown) return fail(notKnown(unknown.lease, signal))
  const leftovers: RestoredLeftover[] = []
  for (const { lease, life } of found) {
    if (life === 'silent') leftovers.push(await restoreLeftover({ ...options, lease }))
  }
  const alive = found.filter(({ life }) => life === 'alive').map(({ lease }) => lease)
  const loose = await dealWithLoose(client, options, listed.value)
  return succeed({ leftovers: [...leftovers, ...loose.leftovers], alive, loose: loose.left })
}

/** A run that may be alive is never touched. */
const notKnown = ({ run }: RunLease, signal: AbortSignal): Problem =>
  signal.aborted
    ? {
        code: signal.reason === 'SIGTERM' ? 'terminated' : 'interrupted',
        message: `interrupted before it was known whether the run ${run} is at work; nothing was changed`,
      }
    : {
        code: 'api-call-failed',
        message: `the API server does not answer, so that it cannot be known whether the run ${run} is at work; nothing was changed`,
        hint: 'try again when it answers',
      }

/** Records whose run has no lock are left alone unless the caller has decided: they may be copies. */
async function dealWithLoose(
  client: ApiClient,
  options: RestoreNamespaceOptions,
  leases: readonly RunLease[],
): Promise<{ leftovers: readonly RestoredLeftover[]; left: readonly LooseRecord[] }> {
  const kinds = options.kinds ?? ['deployment', 'statefulset', 'daemonset']
  const all = await listLooseRecords(client, options.namespace, leases, kinds)
  const loose = all.filter(({ run }) => options.run === undefined || run === options.run)
  if (options.foreign === 'leave') return { leftovers: [], left: loose }
  const leftovers: RestoredLeftover[] = []
  for (const { ref, run } of loose) {
    const outcome = await restoreObject({ ...options, ref, run, needsFence: false })
    leftovers.push({ run, objects: [{ ref, outcome }], isClean: outcome.type !== 'failed' })
  }
  return { leftovers, left: [] }
}
