import type { Random } from '../../base/random.ts'
import type { Container, Pod } from '../api/kinds/pod.ts'
import type { PodTruth } from '../ground-truth.ts'
import type { NodeServices } from './node-services.ts'

/** What the containers of one pod share. */
export interface PodContext {
  readonly node: NodeServices
  /** As it was when it came to the node; its spec does not change. */
  readonly pod: Pod
  /** Empty before the sandbox is there. */
  readonly podIp: string
  /** Goes before each container's command. */
  readonly enter: readonly string[]
  /** The working directory of all its containers; removed with the pod. */
  readonly directory: string
  /** Computes the pod's status anew and writes it. */
  readonly publish: () => void
  readonly event: (event: PodEvent) => void
  readonly truth: (what: PodTruth['what'], details?: TruthDetails, atUs?: number) => void
}

export interface PodEvent {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  /** Absent: it is about the pod itself. */
  readonly container?: Container
}

export interface TruthDetails {
  readonly container?: string
  readonly signal?: string
  readonly exitCode?: number
}

/** How long the kubelet takes to notice that a container started or ended, in ms: the 1 s PLEG relist. */
export const plegDelayMs = (random: Random): number => random.between(0, 1000)

/** The chances of one pod or container; they do not depend on what happens to others. */
export const plegRandom = (node: NodeServices, name: string): Random =>
  node.random.stream('pleg').stream(name)
