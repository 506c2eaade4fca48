import type { Command } from 'commander'
import type { ConnectOptions } from '../cluster/connect.ts'

/** kubectl's own flags, as typed. */
export interface ClusterFlags {
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: string
  readonly as?: string
  readonly asGroup?: readonly string[]
}

/** Adds kubectl's flags that say which cluster, and as whom. */
export const addClusterFlags = (command: Command): Command =>
  command
    .optionsGroup('Where:')
    .option('--kubeconfig <file>', 'kubeconfig of the cluster')
    .option('--context <name>', 'context of the kubeconfig')
    .option('-n, --namespace <name>', 'namespace of the workload')
    .option('--as <user>', 'user to impersonate')
    .option('--as-group <group>', 'group to impersonate; may be given again', collect)

const collect = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
]

/** How to connect, by the flags. */
export const connectOptionsOf = (flags: ClusterFlags): ConnectOptions => ({
  ...(flags.kubeconfig !== undefined && { kubeconfig: flags.kubeconfig }),
  ...(flags.context !== undefined && { context: flags.context }),
  ...(flags.namespace !== undefined && { namespace: flags.namespace }),
  ...(flags.as !== undefined && { as: flags.as }),
  ...(flags.asGroup && { asGroups: flags.asGroup }),
})
