import { pause } from '../../base/pause.ts'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiClient } from '../api-client.ts'
import { apiProblem } from '../api-problem.ts'
import { appsPath } from '../paths.ts'
import { LEASE_SELECTOR, leasePath, readLease, type RunLease } from './lease-object.ts'
import { type ObjectRef, WORKLOAD_RESOURCES, type WorkloadKind } from './object-ref.ts'
import { type ApiObject, recordOf } from './restore-record.ts'

/** The locks of runs in a namespace: of those at work, and of those that died. */
export async function listRunLeases(
  client: ApiClient,
  namespace: string,
): Promise<Result<readonly RunLease[], Problem>> {
  const listed = await client.call({
    method: 'GET',
    path: leasePath(namespace),
    query: { labelSelector: LEASE_SELECTOR },
  })
  if (!listed.ok) return fail(apiProblem(listed.error, 'looking for what earlier runs left'))
  const { items } = listed.value as unknown as { items: readonly Record<string, unknown>[] }
  return succeed(items.flatMap((item) => readLease(item) ?? []))
}

/** A record without the lock of its run: a copy, or the lock was deleted by hand. */
export interface LooseRecord {
  readonly ref: ObjectRef
  readonly run: string
}

/** Records on the namespace's workloads whose run has no lock; kinds that may not be listed are left out. */
export async function listLooseRecords(
  client: ApiClient,
  namespace: string,
  leases: readonly RunLease[],
  kinds: readonly WorkloadKind[],
): Promise<readonly LooseRecord[]> {
  const loose: LooseRecord[] = []
  for (const kind of kinds) {
    const resource = WORKLOAD_RESOURCES[kind]
    const listed = await client.call({ method: 'GET', path: appsPath(namespace, resource) })
    if (!listed.ok) continue
    const { items } = listed.value as unknown as { items: readonly ApiObject[] }
    for (const item of items) {
      const record = recordOf(item)
      if (record === undefined) continue
      const run = record === 'unreadable' ? 'unknown' : record.run
      if (leases.some((lease) => lease.run === run)) continue
      loose.push({ ref: { kind, namespace, name: item.metadata.name }, run })
    }
  }
  return loose
}

const LOOK_EVERY_MS = 250
/** A server that answers nothing for so long will not tell. */
const UNANSWERED_MS = 60_000

/**
 * Whether a run is at work: its lock is renewed while we look. Clocks are never compared; `silent` is a lock that was
 * not renewed for as long as it says, or that its holder has given up. A time in which the API server gave us no answer
 * does not count, for the run could not renew in it either; `unknown`: it gave none, or the signal came before the end.
 */
export async function watchLease(
  client: ApiClient,
  lease: RunLease,
  options: { readonly silenceMs?: number; readonly signal: AbortSignal },
): Promise<'alive' | 'silent' | 'gone' | 'unknown'> {
  if (lease.holder === '') return 'silent'
  const { signal } = options
  const silenceMs = options.silenceMs ?? lease.durationSeconds * 1_000
  const path = leasePath(lease.namespace, lease.name)
  let answeredMs = performance.now()
  let startedMs = answeredMs
  while (performance.now() - startedMs < silenceMs) {
    await pause(Math.min(LOOK_EVERY_MS, silenceMs), signal)
    const found = await client.call({ method: 'GET', path, signal })
    if (signal.aborted) return 'unknown'
    const nowMs = performance.now()
    if (!found.ok) {
      if (found.error.status === 404) return 'gone'
      if (nowMs - answeredMs > UNANSWERED_MS) return 'unknown'
      startedMs = nowMs
      continue
    }
    answeredMs = nowMs
    const now = readLease(found.value)
    if (now?.run !== lease.run) return 'gone'
    if (now.holder === '') return 'silent'
    if (now.resourceVersion !== lease.resourceVersion) return 'alive'
  }
  return 'silent'
}
