import type { KubeObject } from '../store.ts'
import type { PodTemplate } from './pod.ts'

/** An apps/v1 ControllerRevision: a pod template that a StatefulSet or DaemonSet has had. */
export interface ControllerRevision extends KubeObject {
  /** A strategic merge patch that puts the template back, as `kubectl rollout undo` sends it. */
  data: { spec: { template: PodTemplate & { $patch: 'replace' } } }
  revision: number
}
