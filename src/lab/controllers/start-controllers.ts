import type { Random } from '../../base/random.ts'
import type { Store } from '../api/store.ts'
import { startDaemonSetController } from './daemon-set/daemon-set-controller.ts'
import { startDeploymentController } from './deployment/deployment-controller.ts'
import { startDisruptionController } from './disruption/disruption-controller.ts'
import { startEndpointSliceController } from './endpoint-slice/endpoint-slice-controller.ts'
import { startEndpointsController } from './endpoints/endpoints-controller.ts'
import { startGarbageCollector } from './garbage-collector.ts'
import { startJobController } from './job/job-controller.ts'
import { startNamespaceController } from './namespace-controller.ts'
import { startReplicaSetController } from './replica-set/replica-set-controller.ts'
import { startScheduler } from './scheduler.ts'
import { startServiceAccountController } from './service-account-controller.ts'
import { startStatefulSetController } from './stateful-set/stateful-set-controller.ts'

export interface ControllerOptions {
  readonly store: Store
  /** Source of the delays of deletions and endpoints. */
  readonly random: Random
}

/** Starts everything that acts on the store by itself, except the kubelet. Gives the way to stop. */
export function startControllers({ store, random }: ControllerOptions): () => void {
  const stops = [
    startScheduler(store),
    startReplicaSetController(store, random.stream('replicaset')),
    startDeploymentController(store),
    startStatefulSetController(store),
    startDaemonSetController(store),
    startEndpointSliceController(store, random.stream('endpointslice')),
    startJobController(store),
    startEndpointsController(store),
    startDisruptionController(store),
    startServiceAccountController(store),
    startGarbageCollector(store),
    startNamespaceController(store),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
