import type { Store } from '../../api/store.ts'
import { kubeTime } from '../../api/kube-time.ts'
import { nodeFacts } from './node-facts.ts'

/** `lab-node-1`, `lab-node-2`, …; all are names of the one kubelet. */
export const nodeNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `lab-node-${String(index + 1)}`)

/** Makes the Node objects, ready; those that are there already stay. */
export function registerNodes(store: Store, names: readonly string[], hostIp: string): void {
  const now = kubeTime()
  const facts = nodeFacts()
  for (const name of names) {
    if (store.get('nodes', '', name)) continue
    store.create('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        uid: '',
        resourceVersion: '',
        creationTimestamp: now,
        labels: {
          'kubernetes.io/arch': facts.nodeInfo.architecture,
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': facts.nodeInfo.operatingSystem,
        },
      },
      spec: {},
      status: {
        addresses: [
          { type: 'InternalIP', address: hostIp },
          { type: 'Hostname', address: name },
        ],
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'KubeletReady',
            message: 'kubelet is posting ready status',
            lastHeartbeatTime: now,
            lastTransitionTime: now,
          },
        ],
        ...facts,
      },
    })
  }
}
