import type { Command } from 'commander'
import type { ConnectOptions } from '../../cluster/connect.ts'

/** kubectl's own flags, as typed. */
export interface ClusterFlags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
}

/** Adds kubectl's flags that say which cluster. */
export const addClusterFlags = (command: Command): Command =>
  command
    .optionsGroup('Where:')
    .option('--kubeconfig <file>', 'kubeconfig of the cluster')
    .option('--context <name>', 'context of the kubeconfig')
    .option('-n, --namespace <name>', 'namespace of the workload')

/** How to connect, by the flags. */
export const connectOptionsOf = ({
  kubeconfig,
  context,
  namespace,
}: ClusterFlags): ConnectOptions => ({
  ...(kubeconfig !== undefined && { kubeconfig }),
  ...(context !== undefined && { context }),
  ...(namespace !== undefined && { namespace }),
})
