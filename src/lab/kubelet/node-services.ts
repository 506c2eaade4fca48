import type { Random } from '../../base/random.ts'
import type { Store } from '../api/store.ts'
import type { GroundTruth } from '../ground-truth.ts'
import type { ContainerLogStore } from './container-logs.ts'
import type { ContainerRuntime } from './runtime/container-process.ts'
import type { PodSandboxes } from './sandbox/pod-sandbox.ts'

/** The one node of the lab; the control plane's events carry the same name. */
export const NODE_NAME = 'lab-node-1'

/** What every pod of the node shares. */
export interface NodeServices {
  readonly store: Store
  readonly random: Random
  readonly truth: GroundTruth
  readonly runtime: ContainerRuntime
  readonly logs: ContainerLogStore
  /** Pods get their working directories in it. */
  readonly podsDirectory: string
  readonly hostIp: string
  readonly sandboxes: PodSandboxes
}
