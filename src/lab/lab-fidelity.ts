import type { LabFidelity } from './lab.ts'
import type { LabNetwork } from './network/lab-network.ts'

const PROXY_LIMITS = [
  'A Service is a TCP proxy: a connection to a pod that no longer listens is accepted and then reset, where a cluster refuses it.',
  'Services have no node ports, and sessionAffinity is not looked at.',
]

const NETWORK_LIMITS: Readonly<Record<LabNetwork, readonly string[]>> = {
  kernel: ["Services balance by the kernel's own chance, which no seed repeats."],
  namespaces: PROXY_LIMITS,
  loopback: [
    ...PROXY_LIMITS,
    'The address of a removed pod refuses connections, where a cluster often leaves them unanswered.',
    'Pods share one network: a server that binds 0.0.0.0 takes its port from all other pods.',
  ],
}

const KUBELET_LIMITS = [
  'A memory limit is kept by looking at the container every 100 ms; a CPU limit is not kept.',
]

const LINKS_LIMIT =
  'Volumes are links in the working directory of a pod: a program that reads one by its absolute mountPath does not find it.'

const PLAIN_LIMIT =
  'Containers are process groups without PID namespaces: a first process that handles no signal, or a shell that passes none on, dies at the stop signal here, where as PID 1 it would live on until SIGKILL.'

/** What the lab shows faithfully, and what not. */
export const labFidelity = (
  pidNamespaces: boolean,
  network: LabNetwork,
  why?: string,
): LabFidelity => ({
  pidNamespaces,
  network,
  limits: [
    ...(why === undefined ? [] : [`The network is not the kernel's, because ${why}.`]),
    ...(pidNamespaces ? [] : [PLAIN_LIMIT, LINKS_LIMIT]),
    ...NETWORK_LIMITS[network],
    ...KUBELET_LIMITS,
  ],
})
