import type { KubeObject } from '../store.ts'
import type { Condition } from './pod.ts'

/** A core/v1 Node. */
export interface Node extends KubeObject {
  spec?: { unschedulable?: boolean; taints?: Taint[] }
  status?: { conditions?: Condition[]; nodeInfo?: { kubeletVersion?: string } }
}

export interface Taint {
  key: string
  value?: string
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
  timeAdded?: string
}
