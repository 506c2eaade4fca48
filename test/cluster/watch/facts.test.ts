import { describe, expect, it } from 'vitest'
import type { PodFacts } from '../../../src/cluster/cluster-change.ts'
import { ClockSkew } from '../../../src/cluster/watch/clock-skew.ts'
import { podFacts, type RawPod } from '../../../src/cluster/watch/pod-facts.ts'
import { reportedEvent } from '../../../src/cluster/watch/reported-event.ts'
import {
  autoscalerFacts,
  budgetFacts,
  nodeFacts,
} from '../../../src/cluster/watch/surroundings-facts.ts'

const metadata = { name: 'web-1', uid: 'u1', resourceVersion: '7' }

describe('the facts of a pod', () => {
  const ending: RawPod = {
    metadata: {
      ...metadata,
      creationTimestamp: '2026-01-01T00:00:00Z',
      deletionTimestamp: '2026-01-01T00:01:30Z',
      deletionGracePeriodSeconds: 30,
    },
    spec: {
      nodeName: 'node-1',
      terminationGracePeriodSeconds: 30,
      initContainers: [{ name: 'mesh', image: 'mesh:1', restartPolicy: 'Always' }],
      containers: [{ name: 'web', image: 'nginx:1' }],
    },
    status: {
      phase: 'Running',
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' },
        { type: 'Ready', status: 'False', reason: 'ContainersNotReady' },
      ],
      containerStatuses: [
        {
          name: 'web',
          imageID: 'sha256:1',
          stopSignal: 'SIGQUIT',
          ready: false,
          restartCount: 0,
          state: {
            terminated: { exitCode: 137, reason: 'Error', finishedAt: '2026-01-01T00:01:30Z' },
          },
        },
      ],
      initContainerStatuses: [
        { name: 'mesh', ready: true, restartCount: 1, state: { running: {} } },
      ],
    },
  }

  it('know when the deletion was asked for: the timestamp less the grace', () => {
    expect(podFacts(ending).deletionRequestedAt).toBe('2026-01-01T00:01:00.000Z')
  })

  it('have the conditions with their times, the image, and the signal that really stops it', () => {
    const { conditions, containers } = podFacts(ending)
    expect(conditions?.[0]).toEqual({
      type: 'PodScheduled',
      status: 'True',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    })
    expect(containers[0]).toMatchObject({
      imageID: 'sha256:1',
      stopSignal: 'SIGQUIT',
      state: 'terminated',
      exitCode: 137,
    })
  })

  it('have the sidecars apart from the containers', () => {
    const { containers, initContainers } = podFacts(ending)
    expect(containers.map(({ name }) => name)).toEqual(['web'])
    expect(initContainers).toMatchObject([{ name: 'mesh', sidecar: true, restartCount: 1 }])
  })
})

describe('the facts of an Event', () => {
  it('have the emitter, its host, the container and the nanosecond of its name', () => {
    const event = reportedEvent({
      metadata: { ...metadata, name: 'web-1.17f3a1b2c3d4e5f6' },
      involvedObject: { kind: 'Pod', name: 'web-1', fieldPath: 'spec.containers{web}' },
      reason: 'Killing',
      type: 'Normal',
      source: { component: 'kubelet', host: 'node-1' },
    })
    expect(event).toMatchObject({
      reason: 'Killing',
      component: 'kubelet',
      host: 'node-1',
      container: 'web',
      emittedAtUnixNs: BigInt('0x17f3a1b2c3d4e5f6').toString(),
    })
  })
})

describe('the facts of what is around', () => {
  it('are a node’s readiness, taints and pressures', () => {
    expect(
      nodeFacts({
        metadata,
        spec: { unschedulable: true, taints: [{ key: 'dedicated', effect: 'NoSchedule' }] },
        status: {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type: 'MemoryPressure', status: 'True' },
            { type: 'DiskPressure', status: 'False' },
          ],
          nodeInfo: { kubeletVersion: 'v1.34.0' },
        },
      }),
    ).toEqual({
      name: 'web-1',
      uid: 'u1',
      ready: true,
      unschedulable: true,
      taints: ['dedicated:NoSchedule'],
      pressures: ['MemoryPressure'],
      kubeletVersion: 'v1.34.0',
    })
  })

  it('are what an autoscaler and a budget allow', () => {
    const spec = { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 9 }
    expect(autoscalerFacts({ metadata, spec, status: { desiredReplicas: 4 } })).toMatchObject({
      target: 'Deployment/web',
      minReplicas: 1,
      maxReplicas: 9,
      desiredReplicas: 4,
    })
    expect(budgetFacts({ metadata, status: { disruptionsAllowed: 1 } })).toMatchObject({
      disruptionsAllowed: 1,
      currentHealthy: 0,
    })
  })
})

describe('the skew of a clock', () => {
  const startMs = Date.parse('2026-01-01T00:00:00.350Z')

  /** 40 answers within 20 s of a server that is so far ahead, each 20 ms under way. */
  function server(skew: ClockSkew, aheadMs: number) {
    for (let sentAtMs = startMs; sentAtMs < startMs + 20_000; sentAtMs += 510) {
      const date = new Date(sentAtMs + 10 + aheadMs).toUTCString()
      skew.serverDate(date, sentAtMs, sentAtMs + 20)
    }
    return skew.facts().find(({ emitter }) => emitter === 'api-server')
  }

  it.each([0, 3_456, -3_456, 3_600_000])(
    'of %i ms of an API server lies within what is told, and that is narrow',
    (aheadMs) => {
      const { lowMs = 0, highMs = 0 } = server(new ClockSkew(), aheadMs) ?? {}
      expect(lowMs).toBeLessThanOrEqual(aheadMs)
      expect(highMs).toBeGreaterThanOrEqual(aheadMs)
      expect(highMs - lowMs).toBeLessThan(100)
    },
  )

  it.each([0, 5_000, -5_000])('of %i ms of a kubelet is bounded by cause and effect', (aheadMs) => {
    const skew = new ClockSkew()
    server(skew, 0)
    for (let n = 0; n < 20; n++) {
      const createdMs = startMs + n * 777
      const pod = {
        name: `web-${n}`,
        creationTimestamp: new Date(Math.floor(createdMs / 1_000) * 1_000).toISOString(),
      } as PodFacts
      skew.pod(pod)
      const emittedMs = createdMs + 60
      skew.event(
        {
          reason: 'Pulled',
          message: '',
          severity: 'Normal',
          objectKind: 'Pod',
          objectName: pod.name,
          count: 1,
          component: 'kubelet',
          host: 'node-1',
          emittedAtUnixNs: (BigInt(emittedMs + aheadMs) * 1_000_000n).toString(),
        },
        emittedMs + 30 + n,
      )
    }
    const facts = skew.facts().find(({ emitter }) => emitter === 'kubelet node-1')
    expect(facts?.lowMs).toBeLessThanOrEqual(aheadMs)
    expect(facts?.highMs).toBeGreaterThanOrEqual(aheadMs)
    expect((facts?.highMs ?? 0) - (facts?.lowMs ?? 0)).toBeLessThan(400)
  })

  it('of an emitter that is known from one side only is not told', () => {
    const skew = new ClockSkew()
    skew.event(
      {
        reason: 'Killing',
        message: '',
        severity: 'Normal',
        objectKind: 'Pod',
        objectName: 'web-1',
        count: 1,
        component: 'kubelet',
        emittedAtUnixNs: '1767225600000000000',
      },
      startMs,
    )
    expect(skew.facts()).toEqual([])
  })
})
