import type { DaemonSet } from '../../api/kinds/daemon-set.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { KubeObject, Store } from '../../api/store.ts'
import { podFromTemplate } from '../pod-from-template.ts'
import { availableAtMs } from '../pod-state.ts'
import { DAEMON_TOLERATIONS } from './node-runs-daemon.ts'

const COMPONENT = 'daemonset-controller'

/** Of a pod: the hash of its template. */
export const HASH_LABEL = 'controller-revision-hash'

/** Creates a daemon for a node; the scheduler puts it there, as its affinity says. */
export function createDaemon(store: Store, set: DaemonSet, hash: string, node: string): void {
  const created = store.create<Pod>('pods', podFor(set, hash, node))
  if (created.ok) {
    tell(store, set, 'Normal', 'SuccessfulCreate', `Created pod: ${created.value.metadata.name}`)
  } else tell(store, set, 'Warning', 'FailedCreate', `Error creating: ${created.error.message}`)
}

/** Deletes a daemon with its own grace. */
export function deleteDaemon(store: Store, set: DaemonSet, pod: Pod): void {
  const { namespace = '', name, uid } = pod.metadata
  if (store.remove('pods', namespace, name, { uid }).ok) {
    tell(store, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
  }
}

/** An event of the DaemonSet controller. */
export function tell(
  store: Store,
  set: DaemonSet,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  store.emitEvent({ regarding: set, type, reason, message, component: COMPONENT })
}

/** Ready for `minReadySeconds`. */
export function isAvailable(pod: Pod, { spec }: DaemonSet, nowMs: number): boolean {
  const atMs = availableAtMs(pod, spec.minReadySeconds ?? 0)
  return atMs !== undefined && atMs <= nowMs
}

function podFor(set: DaemonSet, hash: string, node: string): KubeObject {
  const { template } = set.spec
  const pod = podFromTemplate(set, template, {
    labels: {
      ...template.metadata?.labels,
      [HASH_LABEL]: hash,
      'pod-template-generation': String(set.metadata.generation ?? 0),
    },
  })
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }]
  return {
    ...pod,
    spec: {
      ...pod.spec,
      affinity: {
        ...pod.spec.affinity,
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
        },
      },
      tolerations: [...(pod.spec.tolerations ?? []), ...DAEMON_TOLERATIONS],
    },
  }
}
