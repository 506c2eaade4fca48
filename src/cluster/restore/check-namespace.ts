import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiClient } from '../api-client.ts'
import { leasePath, newLease } from './lease-object.ts'

/**
 * The problem `no-namespace` when the namespace is not there: a list of what is in it would be empty, not an error. Asks
 * by a dry run of what every run may do, for to read a Namespace is a permission of the whole cluster.
 */
export async function checkNamespace(
  client: ApiClient,
  namespace: string,
): Promise<Result<void, Problem>> {
  const workload = { kind: 'deployment', name: 'none' } as const
  const asked = await client.call({
    method: 'POST',
    path: leasePath(namespace),
    query: { dryRun: 'All' },
    body: newLease({ namespace, workload, run: 'none', durationSeconds: 1 }),
    isRepeatable: true,
  })
  if (asked.ok || asked.error.status !== 404) return succeed(undefined)
  return fail({
    code: 'no-namespace',
    message: `there is no namespace "${namespace}"`,
    hint: 'see kubectl get namespaces; choose one with -n',
  })
}
