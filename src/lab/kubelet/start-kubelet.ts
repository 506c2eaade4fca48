import { mkdirSync } from 'node:fs'
import { kubeTime } from '../api/kube-time.ts'
import type { Pod } from '../api/kinds/pod.ts'
import type { Store } from '../api/store.ts'
import { NODE_NAME } from './node-services.ts'
import type { NodeServices } from './node-services.ts'
import { PodWorker } from './pod-worker.ts'

/** Runs every pod that is bound to the lab's node. Gives the way to stop looking for more. */
export function startKubelet(node: NodeServices): () => void {
  mkdirSync(node.podsDirectory, { recursive: true })
  registerNode(node.store, node.hostIp)
  const workers = new Map<string, PodWorker>()
  return node.store.watch<Pod>('pods', ({ type, object: pod }) => {
    const { uid } = pod.metadata
    const worker = workers.get(uid)
    if (type === 'DELETED') {
      worker?.removed()
      workers.delete(uid)
    } else if (worker) worker.update(pod)
    else if (pod.spec.nodeName) workers.set(uid, new PodWorker(node, pod))
  })
}

function registerNode(store: Store, hostIp: string): void {
  if (store.get('nodes', '', NODE_NAME)) return
  const now = kubeTime()
  const labels = { 'kubernetes.io/hostname': NODE_NAME, 'kubernetes.io/os': 'linux' }
  store.create('nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: NODE_NAME, uid: '', resourceVersion: '', creationTimestamp: now, labels },
    spec: {},
    status: {
      addresses: [
        { type: 'InternalIP', address: hostIp },
        { type: 'Hostname', address: NODE_NAME },
      ],
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: now },
      ],
    },
  })
}
