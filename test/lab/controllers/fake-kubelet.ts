import type { Pod } from '../../../src/lab/api/kinds/pod.ts'
import type { Store } from '../../../src/lab/api/store.ts'
import { kubeTime } from '../../../src/lab/api/kube-time.ts'
import { setCondition } from '../../../src/lab/controllers/set-condition.ts'

export interface FakeKubelet {
  /** Which pods may become ready; by default all. */
  readyWhen: (pod: Pod) => boolean
  /** Whether terminating pods end by themselves; by default they do. */
  endsPods: boolean
  /** Looks at every pod again after one of the settings changed. */
  settle(): void
  stop(): void
}

/** Runs and ends pods through the store alone, as a kubelet would write it, with no process behind. */
export function startFakeKubelet(store: Store): FakeKubelet {
  let lastAddress = 0
  const addresses = new Map<string, string>()
  const addressOf = (uid: string): string => {
    const address = addresses.get(uid) ?? `127.100.0.${String((lastAddress += 1))}`
    addresses.set(uid, address)
    return address
  }
  const kubelet: FakeKubelet = {
    readyWhen: () => true,
    endsPods: true,
    settle: () => {
      for (const pod of store.list<Pod>('pods')) handle(pod)
    },
    stop: () => {
      unwatch()
    },
  }
  const handle = (pod: Pod) => {
    if (!pod.spec.nodeName) return
    const { uid } = pod.metadata
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (kubelet.endsPods) endPod(store, pod)
    } else if (pod.status.phase === 'Pending' || pod.status.phase === 'Running') {
      runPod(store, pod, addressOf(uid), kubelet.readyWhen(pod))
    }
  }
  const unwatch = store.watch<Pod>('pods', ({ type, object }) => {
    if (type === 'DELETED') return
    const { namespace = '', name, uid } = object.metadata
    setImmediate(() => {
      const pod = store.get<Pod>('pods', namespace, name)
      if (pod?.metadata.uid === uid) handle(pod)
    })
  })
  return kubelet
}

function runPod(store: Store, pod: Pod, podIP: string, ready: boolean): void {
  const { namespace = '', name } = pod.metadata
  const status = ready ? 'True' : 'False'
  store.change<Pod>('pods', namespace, name, (draft) => {
    draft.status.phase = 'Running'
    draft.status.podIP = podIP
    draft.status.conditions = setCondition(draft.status.conditions ?? [], { type: 'Ready', status })
    draft.status.containerStatuses = draft.spec.containers.map((container) => ({
      name: container.name,
      ready,
      restartCount: 0,
      image: container.image ?? '',
      imageID: '',
      state: { running: { startedAt: kubeTime() } },
    }))
  })
}

function endPod(store: Store, pod: Pod): void {
  const { namespace = '', name, uid } = pod.metadata
  store.change<Pod>('pods', namespace, name, (draft) => {
    draft.status.phase = 'Succeeded'
    const ended = { type: 'Ready', status: 'False', reason: 'PodCompleted' } as const
    draft.status.conditions = setCondition(draft.status.conditions ?? [], ended)
  })
  store.remove('pods', namespace, name, { gracePeriodSeconds: 0, uid })
}
