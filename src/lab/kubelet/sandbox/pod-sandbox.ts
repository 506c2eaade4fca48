/** What the containers of a pod share: its address and the namespaces that they are started in. */
export interface PodSandbox {
  readonly ip: string
  /** Goes before a container's command and enters the pod's namespaces; empty on loopback. */
  readonly enter: readonly string[]
  /** Takes the address away: from now on nothing answers there. */
  remove(): Promise<void>
}

/** The pod that a sandbox is made for. */
export interface SandboxedPod {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly hostname: string
  /** `shareProcessNamespace`: all its containers see each other's processes. */
  readonly sharesProcesses: boolean
}

/** Makes the sandboxes of a node. */
export interface PodSandboxes {
  create(pod: SandboxedPod): Promise<PodSandbox>
}
