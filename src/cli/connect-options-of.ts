import type { ConnectOptions } from '../cluster/connect.ts'

/** The flags of kubectl that say which cluster is meant. */
export interface ClusterFlags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
}

/** kubectl's flags as the connection takes them. */
export const connectOptionsOf = (flags: ClusterFlags): ConnectOptions => ({
  ...(flags.kubeconfig !== undefined && { kubeconfig: flags.kubeconfig }),
  ...(flags.context !== undefined && { context: flags.context }),
  ...(flags.namespace !== undefined && { namespace: flags.namespace }),
})
