import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { random } from '../../../src/base/random.ts'
import type { Container, Pod, PodSpec } from '../../../src/lab/api/kinds/pod.ts'
import { createStore } from '../../../src/lab/api/memory-store.ts'
import type { Change, KubeObject, Store } from '../../../src/lab/api/store.ts'
import { openGroundTruth } from '../../../src/lab/ground-truth.ts'
import type { PodTruth } from '../../../src/lab/ground-truth.ts'
import { findIsolation } from '../../../src/lab/isolation.ts'
import { createContainerLogStore } from '../../../src/lab/kubelet/container-logs.ts'
import type { ContainerLogStore } from '../../../src/lab/kubelet/container-logs.ts'
import { NODE_NAME } from '../../../src/lab/kubelet/node-services.ts'
import { claimPodAddresses } from '../../../src/lab/kubelet/pod-addresses.ts'
import { createNamespaceRuntime } from '../../../src/lab/kubelet/runtime/namespace-runtime.ts'
import { createPlainRuntime } from '../../../src/lab/kubelet/runtime/plain-runtime.ts'
import { loopbackSandboxes } from '../../../src/lab/kubelet/sandbox/loopback-sandboxes.ts'
import { startKubelet } from '../../../src/lab/kubelet/start-kubelet.ts'

export const namespacesWork = (await findIsolation(false)).pidNamespaces

/** A node with a real kubelet and real processes, over a store without controllers. */
export interface TestNode {
  readonly store: Store
  readonly logs: ContainerLogStore
  readonly hostIp: string
  /** Every change of a pod, in order. */
  readonly changes: Change<Pod>[]
  run(name: string, spec: Partial<PodSpec> & { containers: Container[] }): void
  pod(name: string): Pod | undefined
  isReady(name: string): boolean
  /** `type reason` of a pod's events, in order. */
  events(name: string): string[]
  truth(name: string): (PodTruth & { atUs: number })[]
  /** When something happened to a pod, or a failure of the test. */
  atUs(name: string, what: PodTruth['what']): number
  close(): void
}

export async function startTestNode(pidNamespaces = namespacesWork): Promise<TestNode> {
  const directory = mkdtempSync(join(tmpdir(), 'podtank-kubelet-'))
  const store = createStore({ random: random(1) })
  const addresses = await claimPodAddresses()
  if (!addresses) throw new Error('no loopback addresses')
  const truthPath = join(directory, 'truth.ndjson')
  const logs = createContainerLogStore(join(directory, 'logs'))
  const runtime = pidNamespaces ? createNamespaceRuntime() : createPlainRuntime()
  const changes: Change<Pod>[] = []
  store.watch<Pod>('pods', (change) => changes.push(change))
  const stop = startKubelet({
    store,
    logs,
    runtime,
    random: random(2),
    truth: openGroundTruth(truthPath),
    podsDirectory: join(directory, 'pods'),
    hostIp: addresses.hostIp,
    sandboxes: loopbackSandboxes(addresses),
  })
  const pod = (name: string) => store.get<Pod>('pods', 'default', name)
  const truth = (name: string) =>
    readFileSync(truthPath, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as PodTruth & { atUs: number })
      .filter((entry) => entry.pod === name)
  return {
    store,
    logs,
    hostIp: addresses.hostIp,
    changes,
    pod,
    truth,
    run: (name, spec) => {
      const metadata = { name, uid: '', resourceVersion: '', creationTimestamp: '' }
      const object = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata,
        spec: { nodeName: NODE_NAME, ...spec },
      }
      const created = store.create('pods', object)
      if (!created.ok) throw new Error(created.error.message)
    },
    isReady: (name) =>
      pod(name)?.status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
    events: (name) =>
      store
        .list<KubeObject & { involvedObject: { name: string }; type: string; reason: string }>(
          'events',
        )
        .filter(({ involvedObject }) => involvedObject.name === name)
        .map(({ type, reason }) => `${type} ${reason}`),
    atUs: (name, what) => {
      const entry = truth(name).find((one) => one.what === what)
      if (!entry) throw new Error(`${name} has no ${what}`)
      return entry.atUs
    },
    close: () => {
      stop()
      runtime.close()
      addresses.close()
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Polls until `holds`; fails with `what` after the deadline. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> {
  const endMs = performance.now() + deadlineMs
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await sleep(10)
  }
}
