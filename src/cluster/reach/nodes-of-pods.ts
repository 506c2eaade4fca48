import type { RawNode } from './service-address.ts'

/** The fields of a v1 Pod that are looked at. */
export interface RawPod {
  readonly status?: {
    readonly hostIP?: string
    readonly conditions?: NonNullable<RawNode['status']>['conditions']
  }
}

/** The nodes of pods as far as pods tell of them: an address, and Ready when the pod is; a pod without a node has none. */
export const nodesOfPods = (pods: readonly RawPod[]): readonly RawNode[] =>
  pods.flatMap(({ status: { hostIP: address, conditions = [] } = {} }) =>
    address === undefined
      ? []
      : [{ status: { addresses: [{ type: 'InternalIP', address }], conditions } }],
  )
