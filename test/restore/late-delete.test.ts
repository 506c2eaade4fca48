import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiCall, type ApiClient, apiClient } from '../../src/cluster/api-client.ts'
import { deleteSaved } from '../../src/cluster/restore/delete-saved.ts'
import { holdLease } from '../../src/cluster/restore/hold-lease.ts'
import type { ObjectRef } from '../../src/cluster/restore/object-ref.ts'
import { restoreNamespace } from '../../src/cluster/restore/restore-namespace.ts'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import { webDeployment } from '../support/web-deployment.ts'

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
const MAPS = '/api/v1/namespaces/default/configmaps'
const REF = { kind: 'deployment', namespace: 'default', name: 'web' } as const satisfies ObjectRef

let cluster: TestCluster
let client: ApiClient

beforeAll(async () => {
  cluster = await startTestCluster()
  client = apiClient(cluster.url, () => Promise.resolve())
})

afterAll(() => cluster.close())

beforeEach(async () => {
  await cluster.request('DELETE', `${DEPLOYMENTS}/web`)
  // No pods: nothing else moves the Deployment.
  await cluster.request('POST', DEPLOYMENTS, webDeployment(0))
})

/** A run that died when its DELETE was on the way; gives the call. */
async function diedDeleting(run: string): Promise<ApiCall> {
  const lease = await holdLease({
    client,
    namespace: 'default',
    workload: REF,
    run,
    onLost: () => undefined,
  })
  if (!lease.ok) throw new Error(lease.error.message)
  return new Promise((resolve) => {
    const dying: ApiClient = {
      ...client,
      call(one) {
        const isIt = one.method === 'DELETE' && one.path.startsWith(DEPLOYMENTS)
        if (!isIt) return client.call(one)
        lease.value.close()
        resolve(one)
        return new Promise(() => undefined)
      },
    }
    void deleteSaved(dying, lease.value, REF, run)
  })
}

describe('a DELETE of the workload that arrives late', () => {
  it.each(Array.from({ length: 14 }, (_, index) => index + 1))(
    'before call %i of the recovery takes nothing away for good',
    async (callNumber) => {
      const late = await diedDeleting(`late-${callNumber}`)
      let calls = 0
      const through: ApiClient = {
        ...client,
        async call(one) {
          if ((calls += 1) === callNumber) await client.call(late)
          return client.call(one)
        },
      }
      await restoreNamespace({
        client: through,
        namespace: 'default',
        by: 'test',
        foreign: 'leave',
        tryForMs: 3_000,
        silenceMs: 0,
        signal: new AbortController().signal,
      })
      if (calls < callNumber) await client.call(late)
      expect((await cluster.request('GET', `${DEPLOYMENTS}/web`)).code).toBe(200)
      const left = await Promise.all([LEASES, MAPS].map((path) => cluster.request('GET', path)))
      expect(JSON.stringify(left.map(({ body }) => body))).not.toContain('podtank')
    },
  )
})
