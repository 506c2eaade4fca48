import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { random } from '../../src/base/random.ts'
import { succeed } from '../../src/base/result.ts'
import { TokenBucket } from '../../src/cluster/api/token-bucket.ts'
import { type ApiClient, apiClient } from '../../src/cluster/api-client.ts'
import { RECORD_ANNOTATION } from '../../src/cluster/restore/restore-record.ts'
import { type ChangeSession, openSession } from '../../src/cluster/restore/open-session.ts'
import type { ObjectRef } from '../../src/cluster/restore/object-ref.ts'
import { restoreNamespace } from '../../src/cluster/restore/restore-namespace.ts'
import { startTestCluster, type TestCluster } from '../lab/api/start-test-cluster.ts'
import { webDeployment } from '../support/web-deployment.ts'

const PATH = '/apis/apps/v1/namespaces/default/deployments/web'
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
const REF: ObjectRef = { kind: 'deployment', namespace: 'default', name: 'web' }

let cluster: TestCluster
let client: ApiClient

beforeAll(async () => {
  cluster = await startTestCluster()
  // Thousands of calls: the pace of a run would take minutes.
  const bucket = new TokenBucket({ perSecond: 1_000, burst: 1_000 })
  client = apiClient(cluster.url, () => Promise.resolve(), { bucket })
})

afterAll(() => cluster.close())

beforeEach(async () => {
  await cluster.request('DELETE', PATH)
  await cluster.request('DELETE', `${LEASES}/podtank-deployment-web`)
  await cluster.request('POST', '/apis/apps/v1/namespaces/default/deployments', webDeployment(4))
})

async function open(run: string, through: ApiClient = client): Promise<ChangeSession> {
  const opened = await openSession({
    client: through,
    namespace: 'default',
    workload: { kind: 'deployment', name: 'web' },
    run,
    tryForMs: 3_000,
    onLost: () => undefined,
  })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

const scaleTo = (session: ChangeSession, replicas: number) =>
  session.change(REF, `scaling to ${replicas}`, () =>
    succeed({ patch: { type: 'merge', body: { spec: { replicas } } }, fields: ['/spec/replicas'] }),
  )

const read = async () => {
  const { body } = await cluster.request('GET', PATH)
  return {
    replicas: (body.spec as { replicas: number }).replicas,
    record: body.metadata.annotations?.[RECORD_ANNOTATION],
  }
}

const locks = async () =>
  ((await cluster.request('GET', LEASES)).body as unknown as { items: unknown[] }).items.length

const foreignScale = (replicas: number) =>
  cluster.request('PATCH', `${PATH}/scale`, { spec: { replicas } }, 'application/merge-patch+json')

const restoreAll = (foreign: 'leave' | 'overwrite' | 'keep' = 'leave', isDryRun = false) =>
  restoreNamespace({
    client,
    namespace: 'default',
    by: 'test',
    foreign,
    isDryRun,
    tryForMs: 3_000,
    silenceMs: 0,
    signal: new AbortController().signal,
  })

/** A client that does something else before its n-th call. */
function before(call: number, act: () => Promise<unknown>): ApiClient {
  let calls = 0
  return {
    ...client,
    async call(one) {
      if ((calls += 1) === call) await act()
      return client.call(one)
    },
  }
}

describe('a change', () => {
  it('carries the original in the same write, and keeps the first one', async () => {
    const session = await open('r1')
    await scaleTo(session, 1)
    await scaleTo(session, 3)
    const { replicas, record } = await read()
    expect(replicas).toBe(3)
    expect(JSON.parse(record ?? '')).toMatchObject({
      run: 'r1',
      change: 2,
      fields: [{ path: '/spec/replicas', original: 4 }],
    })
    expect(await session.restore(REF)).toEqual({ type: 'restored', fields: ['/spec/replicas'] })
    await session.close()
    expect(await read()).toEqual({ replicas: 4, record: undefined })
    expect(await locks()).toBe(0)
  })

  it('that changes nothing leaves no record', async () => {
    const session = await open('r1')
    expect((await scaleTo(session, 4)).ok).toBe(true)
    expect((await read()).record).toBeUndefined()
    await session.close()
  })

  it('is refused while another run holds the lock, and while its record is there', async () => {
    const first = await open('r1')
    await scaleTo(first, 1)
    await expect(open('r2')).rejects.toThrow('is held by r1')
    await cluster.request('DELETE', `${LEASES}/podtank-deployment-web`)
    const second = await open('r2')
    expect(await scaleTo(second, 2)).toMatchObject({ ok: false, error: { code: 'foreign-record' } })
    expect(await scaleTo(first, 5)).toMatchObject({ ok: false, error: { code: 'lock-lost' } })
    expect((await read()).replicas).toBe(1)
    await second.close()
    await first.close()
  })

  it('whose answer is lost is read back, and not made twice', async () => {
    let isCut = false
    const cutting: ApiClient = {
      ...client,
      async call(one) {
        const answer = await client.call(one)
        const isChange = one.method === 'PATCH' && one.path === PATH && !one.query?.['dryRun']
        if (!isChange || isCut) return answer
        isCut = true
        return { ok: false, error: { call: '', reason: 'ECONNRESET', message: 'cut' } }
      },
    }
    const session = await open('r1', cutting)
    expect((await scaleTo(session, 1)).ok).toBe(true)
    expect(JSON.parse((await read()).record ?? '')).toMatchObject({ change: 1 })
    await session.restore(REF)
    await session.close()
    expect(await read()).toEqual({ replicas: 4, record: undefined })
  })
})

describe('what somebody else has changed', () => {
  it('is left as it is in 200 of 200 moments', async () => {
    const dice = random(6)
    const overwritten: string[] = []
    for (let seed = 0; seed < 200; seed++) {
      await foreignScale(4)
      const replicas = 2 + (seed % 2)
      const call = 1 + Math.floor(dice.next() * 14)
      const edit = { isDone: false }
      const through = before(call, () => {
        edit.isDone = true
        return foreignScale(replicas)
      })
      const session = await open(`r${seed}`, through)
      await scaleTo(session, 1)
      await session.restore(REF)
      if (!edit.isDone) await foreignScale(replicas)
      await session.close()
      const kept = (await read()).replicas
      if (kept !== replicas) overwritten.push(`seed ${seed}, call ${call}: ${kept}`)
      await restoreAll('keep')
      expect(await locks()).toBe(0)
      expect((await read()).record).toBeUndefined()
    }
    console.log(`foreign edits overwritten: ${overwritten.length} of 200`)
    expect(overwritten).toEqual([])
  }, 300_000)

  it('is a conflict that names both values, until somebody decides', async () => {
    const session = await open('r1')
    await scaleTo(session, 1)
    await foreignScale(7)
    expect(await session.restore(REF)).toMatchObject({
      type: 'conflict',
      conflicts: [{ path: '/spec/replicas', original: 4, live: 7 }],
    })
    await session.close()
    const left = await restoreAll()
    expect(left).toMatchObject({ ok: true, value: { leftovers: [{ isClean: false }] } })
    expect((await read()).replicas).toBe(7)
    await restoreAll('overwrite')
    expect(await read()).toEqual({ replicas: 4, record: undefined })
    expect(await locks()).toBe(0)
  })
})

describe('a restore by another process', () => {
  it('shows what it would do, and does it', async () => {
    const session = await open('r1')
    await scaleTo(session, 1)
    expect(await restoreAll('leave', true)).toMatchObject({
      ok: true,
      value: { leftovers: [{ run: 'r1', objects: [{ outcome: { type: 'restored' } }] }] },
    })
    expect((await read()).replicas).toBe(1)
    await restoreAll()
    expect(await read()).toEqual({ replicas: 4, record: undefined })
    expect(await locks()).toBe(0)
    // The run was not dead after all: it may change nothing more.
    expect(await scaleTo(session, 2)).toMatchObject({ ok: false, error: { code: 'lock-lost' } })
    await session.close()
  })

  it('creates a deleted workload again, with what it was before the run', async () => {
    const session = await open('r1')
    await scaleTo(session, 1)
    expect(await session.deleteWorkload()).toEqual({ ok: true })
    expect((await cluster.request('GET', PATH)).code).toBe(404)
    await restoreAll()
    expect(await read()).toEqual({ replicas: 4, record: undefined })
    const maps = await cluster.request('GET', '/api/v1/namespaces/default/configmaps')
    expect(JSON.stringify(maps.body)).not.toContain('podtank-r1')
    await session.close()
  })

  it('leaves a record without a lock alone: it may be a copy', async () => {
    const session = await open('r1')
    await scaleTo(session, 1)
    await cluster.request('DELETE', `${LEASES}/podtank-deployment-web`)
    expect(await restoreAll()).toMatchObject({
      ok: true,
      value: { leftovers: [], loose: [{ run: 'r1' }] },
    })
    expect((await read()).replicas).toBe(1)
    await restoreAll('overwrite')
    expect((await read()).replicas).toBe(4)
    await session.close()
  })
})
