import type { AccessReport } from './api/access/access-report.ts'
import type { FaultRule, InjectedFault } from './api/faults/fault.ts'
import type { LabNetwork } from './network/lab-network.ts'

/** A running embedded cluster, seen from the outside: it is reached only through its kubeconfig. */
export interface Lab {
  /** A kubeconfig file whose current context is `podtank-lab`, namespace `default`. */
  readonly kubeconfigPath: string
  /** e.g. `http://127.0.0.1:34567` */
  readonly serverUrl: string
  /** Which parts are real, and what is therefore not shown faithfully; printed, and in the report. */
  readonly fidelity: LabFidelity
  /** Resolves when the lab's process has ended, however it ended. */
  readonly closed: Promise<void>
  /** Replaces the fault plan of the API server; counts begin anew. */
  setFaults(rules: readonly FaultRule[]): Promise<void>
  /** What the fault plan has struck since it was set, in order of the calls. */
  injectedFaults(): Promise<readonly InjectedFault[]>
  /** Which verbs were used on what, by whom; and what roles grant that nobody used. */
  accessReport(): Promise<AccessReport>
  /** Ends every process of the lab and waits until they are gone. Harmless when called twice. */
  close(): Promise<void>
}

export interface LabFidelity {
  /** Each container's first process is PID 1 of its own PID namespace. */
  readonly pidNamespaces: boolean
  readonly network: LabNetwork
  /** Sentences for the report, e.g. "Addresses of removed pods refuse instead of being unreachable." */
  readonly limits: readonly string[]
}

export interface LabOptions {
  /** Where the lab keeps its files: kubeconfig, container logs. Made if it is not there. */
  readonly directory: string
  /** Every delay and every choice of the lab follows from it. */
  readonly seed: number
  /** Ground truth goes here as NDJSON; for tests only, analysis never reads it. */
  readonly truthPath?: string
  /** Default `loopback`; the others need a network namespace that holds this lab only. */
  readonly network?: LabNetwork
  /** Why it is not a better network; goes into the limits. */
  readonly networkWhy?: string
  /** How many nodes the lab shows, all run by one kubelet; default 1. A drain needs two. */
  readonly nodes?: number
  /** A fixed port for the API server; 0 or absent: any free one. */
  readonly port?: number
  /** What goes wrong at the API server; default: nothing. */
  readonly faults?: readonly FaultRule[]
  /** Enforce RBAC, over HTTPS; the kubeconfig is then an administrator's. Default: everybody may do everything. */
  readonly rbac?: boolean
  /** Do without PID namespaces even where the kernel allows them. */
  readonly plainProcesses?: boolean
}
