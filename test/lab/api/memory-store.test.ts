import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../src/lab/api/kinds/deployment.ts'
import type { Pod } from '../../../src/lab/api/kinds/pod.ts'
import type { Service } from '../../../src/lab/api/kinds/service.ts'
import type { Change, KubeObject, ResourceName, Store } from '../../../src/lab/api/store.ts'
import { random } from '../../../src/base/random.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import { deployment, named, pod, podSpec, service } from '../controllers/manifests.ts'

const newStore = (seed = 1): Store => createStore({ random: random(seed) })

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as the store's own
function created<T extends KubeObject>(
  store: Store,
  resource: ResourceName,
  object: KubeObject,
): T {
  const result = store.create<T>(resource, object)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

/** A pod on a node, as only such pods end gracefully. */
function boundPod(store: Store, name = 'web', graceSeconds?: number): Pod {
  const spec = { ...podSpec(), nodeName: 'lab-node-1' }
  if (graceSeconds !== undefined) spec.terminationGracePeriodSeconds = graceSeconds
  return created<Pod>(store, 'pods', { ...pod(name), spec })
}

function record(store: Store, resource: ResourceName): string[] {
  const seen: string[] = []
  store.watch(resource, ({ type, object }) => {
    const { deletionGracePeriodSeconds: grace, generation } = object.metadata
    seen.push([type, object.metadata.name, grace ?? '-', generation ?? '-'].join(' '))
  })
  return seen
}

describe('create', () => {
  test('fills the defaults of a pod, of its probes and of its hooks', () => {
    const store = newStore()
    const web: Pod = created(store, 'pods', {
      ...pod('web'),
      spec: {
        containers: [
          {
            name: 'web',
            image: 'web',
            readinessProbe: { httpGet: { port: 80 } },
            ports: [{ containerPort: 80 }],
          },
        ],
      },
    })
    expect(web.spec).toMatchObject({ restartPolicy: 'Always', terminationGracePeriodSeconds: 30 })
    expect(web.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'Always',
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      readinessProbe: {
        httpGet: { port: 80, path: '/', scheme: 'HTTP' },
        periodSeconds: 10,
        timeoutSeconds: 1,
        successThreshold: 1,
        failureThreshold: 3,
      },
    })
    expect(web.status.phase).toBe('Pending')
    expect(web.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  test('fills the defaults of a Deployment', () => {
    const { spec } = deployment('web', 3)
    delete spec.replicas
    const web = created<Deployment>(newStore(), 'deployments', { ...deployment('web', 3), spec })
    expect(web.spec).toMatchObject({
      replicas: 1,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
      },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    })
    expect(web.metadata.generation).toBe(1)
  })

  test('gives Services one loopback address after the other, and none to headless ones', () => {
    const store = newStore()
    const addressOf = (name: string, clusterIP?: string) =>
      created<Service>(store, 'services', service(name, clusterIP ? { clusterIP } : {})).spec
        .clusterIP
    expect(addressOf('first')).toBe('127.96.0.1')
    expect(addressOf('headless', 'None')).toBe('None')
    expect(addressOf('second')).toBe('127.96.0.2')
    expect(addressOf('chosen', '127.96.0.3')).toBe('127.96.0.3')
    expect(addressOf('fourth')).toBe('127.96.0.4')
  })

  test.each([
    ['pods', { ...pod('web'), spec: { containers: [] } }, 'spec.containers: Required value'],
    ['pods', pod('Web'), 'metadata.name: Invalid value: "Web"'],
    ['deployments', deployment('web', -1), 'spec.replicas: Invalid value: -1'],
    [
      'deployments',
      deployment('web', 1, { selector: { matchLabels: { app: 'other' } } }),
      '`selector` does not match template `labels`',
    ],
    [
      'deployments',
      deployment('web', 1, { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      'may not be 0 when `maxSurge` is 0',
    ],
    [
      'deployments',
      deployment('web', 1, { strategy: { rollingUpdate: { maxSurge: 'half' } } }),
      'spec.strategy.rollingUpdate.maxSurge: Invalid value: "half"',
    ],
    ['services', service('web', { clusterIP: '10.0.0.1' }), 'not in the valid range 127.96.0.0/16'],
    ['services', service('web', { ports: [{ port: 0 }] }), 'must be between 1 and 65535'],
  ] as const)('refuses invalid %s (%#)', (resource, object, message) => {
    const result = newStore().create(resource, object)
    expect(result).toMatchObject({ ok: false, error: { reason: 'Invalid' } })
    expect(!result.ok && result.error.message).toContain(message)
  })

  test('refuses a preStop sleep beyond the grace period', () => {
    const spec = podSpec()
    spec.containers = [{ name: 'web', lifecycle: { preStop: { sleep: { seconds: 31 } } } }]
    const result = newStore().create('pods', { ...pod('web'), spec })
    expect(!result.ok && result.error.message).toContain(
      'must be non-negative and less than terminationGracePeriodSeconds (30)',
    )
  })

  test('refuses a name that is taken', () => {
    const store = newStore()
    created(store, 'pods', pod('web'))
    expect(store.create('pods', pod('web'))).toEqual({
      ok: false,
      error: { reason: 'AlreadyExists', message: 'pods "web" already exists' },
    })
  })

  test('gives the same uids and names for the same seed, whatever else is created in between', () => {
    const generated = { ...pod(''), metadata: named('', { generateName: 'web-' }) }
    const identities = (seed: number, others: number) => {
      const store = newStore(seed)
      return Array.from({ length: 3 }, (_, index) => {
        for (let other = 0; other < others; other += 1) {
          created(store, 'configmaps', { ...pod(`x-${String(index)}-${String(other)}`) })
        }
        const { name, uid } = created(store, 'pods', generated).metadata
        return `${name} ${uid}`
      })
    }
    expect(identities(7, 0)).toEqual(identities(7, 5))
    expect(identities(7, 0)).not.toEqual(identities(8, 0))
    expect(identities(7, 0)[0]).toMatch(/^web-[b-df-hj-np-tv-z2456789]{5} [0-9a-f-]{36}$/)
  })
})

describe('change', () => {
  test('raises the generation with the spec only, and the resourceVersion with every write', () => {
    const store = newStore()
    const first = created<Deployment>(store, 'deployments', deployment('web', 3))
    const withStatus = store.change<Deployment>('deployments', 'default', 'web', (draft) => {
      draft.status = { replicas: 3 }
    })
    const scaled = store.change<Deployment>('deployments', 'default', 'web', (draft) => {
      draft.spec.replicas = 5
    })
    expect([first, withStatus, scaled].map((one) => one?.metadata.generation)).toEqual([1, 1, 2])
    const versions = [first, withStatus, scaled].map((one) => Number(one?.metadata.resourceVersion))
    expect(versions[1]).toBe(Number(versions[0]) + 1)
    expect(versions[2]).toBe(Number(versions[0]) + 2)
  })

  test('emits nothing when nothing changed', () => {
    const store = newStore()
    const web = boundPod(store)
    const seen = record(store, 'pods')
    const same = store.change<Pod>('pods', 'default', 'web', (draft) => {
      draft.spec.nodeName = 'lab-node-1'
    })
    expect(same).toBe(web)
    expect(seen).toEqual(['ADDED web - 1'])
  })

  test('hands out snapshots that nobody can change, and keeps none of what it was given', () => {
    const store = newStore()
    const manifest = deployment('web', 3)
    const web = created<Deployment>(store, 'deployments', manifest)
    expect(() => {
      web.spec.replicas = 9
    }).toThrow(TypeError)
    manifest.spec.replicas = 9
    expect(store.get<Deployment>('deployments', 'default', 'web')?.spec.replicas).toBe(3)
  })
})

describe('remove', () => {
  test('marks a pod with a deletionTimestamp that lies its grace period ahead', () => {
    const store = newStore()
    boundPod(store, 'web', 45)
    const beforeMs = Date.now()
    store.remove('pods', 'default', 'web')
    const { metadata } = store.get('pods', 'default', 'web') ?? {}
    expect(metadata?.deletionGracePeriodSeconds).toBe(45)
    expect(metadata?.generation).toBe(2)
    const aheadMs = Date.parse(metadata?.deletionTimestamp ?? '') - beforeMs
    expect(aheadMs).toBeGreaterThan(43_900)
    expect(aheadMs).toBeLessThanOrEqual(45_100)
  })

  test('shortens the grace of a second DELETE and never lengthens it', () => {
    const store = newStore()
    boundPod(store)
    const seen = record(store, 'pods')
    store.remove('pods', 'default', 'web')
    store.remove('pods', 'default', 'web', { gracePeriodSeconds: 60 })
    store.remove('pods', 'default', 'web')
    store.remove('pods', 'default', 'web', { gracePeriodSeconds: 5 })
    expect(seen).toEqual(['ADDED web - 1', 'MODIFIED web 30 2', 'MODIFIED web 5 2'])
  })

  test('with grace 0 writes MODIFIED and then DELETED', () => {
    const store = newStore()
    const { uid } = boundPod(store).metadata
    const seen = record(store, 'pods')
    store.remove('pods', 'default', 'web', { gracePeriodSeconds: 0, uid })
    expect(seen).toEqual(['ADDED web - 1', 'MODIFIED web 0 2', 'DELETED web 0 2'])
    expect(store.get('pods', 'default', 'web')).toBeUndefined()
  })

  test('removes pods without a node and ended pods at once', () => {
    const store = newStore()
    created(store, 'pods', pod('unbound'))
    boundPod(store, 'ended')
    store.change<Pod>('pods', 'default', 'ended', (draft) => {
      draft.status.phase = 'Failed'
    })
    store.remove('pods', 'default', 'unbound')
    store.remove('pods', 'default', 'ended')
    expect(store.list('pods')).toEqual([])
  })

  test('keeps an object until its last finalizer is gone', () => {
    const store = newStore()
    created(store, 'deployments', {
      ...deployment('web', 1),
      metadata: named('web', { finalizers: ['a', 'b'] }),
    })
    const seen = record(store, 'deployments')
    store.remove('deployments', 'default', 'web')
    for (const kept of [['b'], []]) {
      store.change('deployments', 'default', 'web', (draft) => {
        draft.metadata.finalizers = kept
      })
    }
    expect(seen).toEqual([
      'ADDED web - 1',
      'MODIFIED web 0 2',
      'MODIFIED web 0 2',
      'DELETED web 0 2',
    ])
  })

  test('refuses another uid', () => {
    const store = newStore()
    boundPod(store)
    const result = store.remove('pods', 'default', 'web', { uid: 'other' })
    expect(result).toMatchObject({ ok: false, error: { reason: 'Conflict' } })
  })
})

describe('watch', () => {
  test('tells every listener the changes in the order of the writes, also those made by listeners', () => {
    const store = newStore()
    const phases: string[] = []
    store.watch<Pod>('pods', ({ object }) => {
      if (object.status.phase !== 'Pending') return
      store.change<Pod>('pods', 'default', object.metadata.name, (draft) => {
        draft.status.phase = 'Running'
      })
    })
    store.watch<Pod>('pods', ({ type, object }) => {
      phases.push(`${type} ${object.status.phase ?? ''}`)
    })
    created(store, 'pods', pod('web'))
    expect(phases).toEqual(['ADDED Pending', 'MODIFIED Running'])
  })

  test('does not tell a new listener what its first list already shows', () => {
    const store = newStore()
    const late: Change[] = []
    let subscribed = false
    store.watch<Pod>('pods', () => {
      if (!subscribed) store.watch('pods', (change) => late.push(change))
      subscribed = true
    })
    created(store, 'pods', pod('web'))
    expect(late.map(({ type }) => type)).toEqual(['ADDED'])
  })
})

describe('emitEvent', () => {
  const told = (store: Store, message: string) => {
    const regarding = store.get('pods', 'default', 'web') ?? boundPod(store)
    const event = { type: 'Normal', reason: 'Killing', component: 'kubelet' } as const
    store.emitEvent({ ...event, regarding, message, fieldPath: 'spec.containers{web}' })
  }

  test('names events by the nanosecond and raises the count of the same one', () => {
    const store = newStore()
    const beforeMs = Date.now()
    for (const message of ['Stopping container web', 'Stopping container web', 'other']) {
      told(store, message)
    }
    const events = store.list<KubeObject & { count: number; involvedObject: object }>('events')
    expect(events.map(({ count }) => count)).toEqual([2, 1])
    const [object, hexUnixNano = ''] = events[0]?.metadata.name.split('.') ?? []
    expect(object).toBe('web')
    const atMs = Number(BigInt(`0x${hexUnixNano}`) / 1_000_000n)
    expect(Math.abs(atMs - beforeMs)).toBeLessThan(1000)
    expect(events[0]).toMatchObject({
      involvedObject: { kind: 'Pod', name: 'web', fieldPath: 'spec.containers{web}' },
      source: { component: 'kubelet', host: 'lab-node-1' },
      eventTime: null,
    })
  })
})
