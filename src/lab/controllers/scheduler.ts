import type { Node } from '../api/kinds/node.ts'
import type { Pod } from '../api/kinds/pod.ts'
import type { KubeObject, Store } from '../api/store.ts'
import { keyOf, splitKey } from './object-key.ts'
import { whyUnfit } from './node/why-unfit.ts'
import { controllerOf } from './owner-reference.ts'
import { isActive } from './pod-state.ts'
import { setCondition } from './set-condition.ts'
import { createSyncQueue } from './sync-queue.ts'

const COMPONENT = 'default-scheduler'

/**
 * Puts each pod on a node that is not cordoned, that it selects and whose taints it tolerates: the one with the fewest pods of the same owner, then with the fewest
 * at all. Without one the pod stays Pending until a node changes. Gives the way to stop.
 */
export function startScheduler(store: Store): () => void {
  const queue = createSyncQueue((key) => {
    schedule(store, key)
  })
  const unwatch = [
    store.watch<Pod>('pods', ({ type, object }) => {
      if (type !== 'DELETED' && needsNode(object)) queue.add(keyOf(object))
    }),
    store.watch('nodes', () => {
      for (const pod of store.list<Pod>('pods').filter(needsNode)) queue.add(keyOf(pod))
    }),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

const needsNode = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  pod.spec.schedulerName === COMPONENT &&
  pod.metadata.deletionTimestamp === undefined

function schedule(store: Store, key: string): void {
  const { namespace, name } = splitKey(key)
  const pod = store.get<Pod>('pods', namespace, name)
  if (!pod || !needsNode(pod)) return
  const nodes = store.list<Node>('nodes')
  const node = chooseNode(store, pod, nodes)
  if (node) bind(store, pod, node)
  else leavePending(store, pod, whyNowhere(pod, nodes))
}

function chooseNode(store: Store, pod: Pod, nodes: readonly Node[]): string | undefined {
  const active = store.list<Pod>('pods').filter(isActive)
  const owner = controllerOf(pod)?.uid
  const load = ({ metadata: { name } }: KubeObject): [number, number] => {
    const here = active.filter(({ spec }) => spec.nodeName === name)
    const akin = here.filter((other) => owner && controllerOf(other)?.uid === owner)
    return [akin.length, here.length]
  }
  const [best] = nodes
    .filter((node) => whyUnfit(pod, node) === undefined)
    .map((node) => ({ name: node.metadata.name, load: load(node) }))
    .sort((left, right) => left.load[0] - right.load[0] || left.load[1] - right.load[1])
  return best?.name
}

function bind(store: Store, pod: Pod, node: string): void {
  const { namespace = '', name } = pod.metadata
  store.change<Pod>('pods', namespace, name, (draft) => {
    draft.spec.nodeName = node
    const scheduled = { type: 'PodScheduled', status: 'True' } as const
    draft.status.conditions = setCondition(draft.status.conditions ?? [], scheduled)
  })
  store.emitEvent({
    regarding: pod,
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${keyOf(pod)} to ${node}`,
    component: COMPONENT,
  })
}

/** The scheduler's FitError: each reason with the number of nodes, in the order of the alphabet. */
function whyNowhere(pod: Pod, nodes: readonly Node[]): string {
  if (nodes.length === 0) return 'no nodes available to schedule pods'
  const reasons = nodes.map((node) => `node(s) ${whyUnfit(pod, node) ?? ''}`)
  const counts = [...new Set(reasons)].map(
    (reason) => `${String(reasons.filter((one) => one === reason).length)} ${reason}`,
  )
  const count = String(nodes.length)
  return (
    `0/${count} nodes are available: ${counts.sort().join(', ')}. preemption: ` +
    `0/${count} nodes are available: ${count} Preemption is not helpful for scheduling.`
  )
}

/** The event is told when the pod is first refused and whenever the reason changes. */
function leavePending(store: Store, pod: Pod, message: string): void {
  const { namespace = '', name } = pod.metadata
  const earlier = pod.status.conditions?.find(({ type }) => type === 'PodScheduled')
  if (earlier?.message === message) return
  store.change<Pod>('pods', namespace, name, (draft) => {
    const others = (draft.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
    const refused = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
    } as const
    draft.status.conditions = setCondition(others, refused)
  })
  store.emitEvent({
    regarding: pod,
    type: 'Warning',
    reason: 'FailedScheduling',
    message,
    component: COMPONENT,
  })
}
