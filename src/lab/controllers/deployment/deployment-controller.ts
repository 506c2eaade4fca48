import type { Deployment, DeploymentStatus } from '../../api/kinds/deployment.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { ReplicaSet } from '../../api/kinds/replica-set.ts'
import type { Store } from '../../api/store.ts'
import type { RolloutState } from './rollout-state.ts'
import { keyOf, splitKey } from '../object-key.ts'
import { controllerOf } from '../owner-reference.ts'
import { createSyncQueue } from '../sync-queue.ts'
import { cleanHistory } from './clean-history.ts'
import { deploymentStatus, isComplete } from './deployment-status.ts'
import { judgeProgress, pauseConditions, progressDeadlineMs } from './judge-progress.ts'
import { recreateStep, rollingStep } from './roll-out.ts'
import { readRollout } from './rollout-state.ts'
import { isScalingEvent, scaleDeployment } from './scale-deployment.ts'

/** Rolls and scales Deployments (k8s-mechanics 4.1). Gives the way to stop. */
export function startDeploymentController(store: Store): () => void {
  const queue = createSyncQueue((key) => {
    const stuckAtMs = syncDeployment(store, key)
    if (stuckAtMs !== undefined) queue.addAfter(key, Math.max(1000, stuckAtMs - Date.now() + 1000))
  })
  const unwatch = [
    store.watch('deployments', ({ object }) => {
      queue.add(keyOf(object))
    }),
    store.watch<ReplicaSet>('replicasets', ({ object }) => {
      const owner = controllerOf(object)
      const { namespace = '' } = object.metadata
      if (owner?.kind === 'Deployment') queue.add(`${namespace}/${owner.name}`)
    }),
    store.watch<Pod>('pods', ({ type, object }) => {
      const key = type === 'DELETED' ? deploymentOfPod(store, object) : undefined
      if (key) queue.add(key)
    }),
  ]
  return () => {
    for (const stop of unwatch) stop()
    queue.stop()
  }
}

/** Recreate waits for the end of pods, which no ReplicaSet shows. */
function deploymentOfPod(store: Store, pod: Pod): string | undefined {
  const { namespace = '' } = pod.metadata
  const replicaSetName = controllerOf(pod)?.name
  if (replicaSetName === undefined) return undefined
  const replicaSet = store.get<ReplicaSet>('replicasets', namespace, replicaSetName)
  const owner = replicaSet && controllerOf(replicaSet)
  return owner && `${namespace}/${owner.name}`
}

/** Gives the wall-clock time at which the rollout will count as stuck, if it may. */
function syncDeployment(store: Store, key: string): number | undefined {
  const { namespace, name } = splitKey(key)
  const read = () => readRollout(store, namespace, name)
  const before = read()
  if (!before) return undefined
  if (before.deployment.metadata.deletionTimestamp === undefined) act(store, before, read)
  const after = read()
  if (!after) return undefined
  const scaling = after.deployment.spec.paused === true
  return writeStatus(store, after, scaling)
}

function act(store: Store, state: RolloutState, read: () => RolloutState | undefined): void {
  const { deployment } = state
  notePause(store, deployment)
  if (deployment.spec.paused || isScalingEvent(state)) {
    scaleDeployment(store, state)
    return
  }
  const step = deployment.spec.strategy?.type === 'Recreate' ? recreateStep : rollingStep
  if (step(store, read)) return
  const settled = read()
  if (settled && isComplete(settled.deployment, settled.deployment.status)) {
    cleanHistory(store, settled)
  }
}

function notePause(store: Store, deployment: Deployment): void {
  const conditions = pauseConditions(deployment)
  if (!conditions) return
  const { namespace = '', name } = deployment.metadata
  store.change<Deployment>('deployments', namespace, name, (draft) => {
    draft.status = { ...draft.status, conditions }
  })
}

function writeStatus(store: Store, state: RolloutState, paused: boolean): number | undefined {
  const { deployment, current } = state
  const { namespace = '', name } = deployment.metadata
  const subject = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${name}"`
  const status: DeploymentStatus = deploymentStatus(state)
  if (!paused) status.conditions = judgeProgress(deployment, status, subject, Date.now())
  const written = store.change<Deployment>('deployments', namespace, name, (draft) => {
    draft.status = status
  })
  return written && !paused ? progressDeadlineMs(written) : undefined
}
