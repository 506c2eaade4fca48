import type { LabFidelity } from './lab.ts'

const NETWORK_LIMITS = [
  'A Service is a TCP proxy: a connection to a pod that no longer listens is accepted and then reset, where a cluster refuses it.',
  'The address of a removed pod refuses connections, where a cluster often leaves them unanswered.',
  'An Ingress chooses by path alone; hosts are not looked at.',
]

const KUBELET_LIMITS = ['Sidecar containers run as ordinary containers of the pod.']

const PLAIN_LIMIT =
  'Containers are process groups without PID namespaces: a first process that handles no signal, or a shell that passes none on, dies at the stop signal here, where as PID 1 it would live on until SIGKILL.'

/** What the lab shows faithfully, and what not. */
export const labFidelity = (pidNamespaces: boolean): LabFidelity => ({
  pidNamespaces,
  network: 'proxy',
  limits: [...(pidNamespaces ? [] : [PLAIN_LIMIT]), ...NETWORK_LIMITS, ...KUBELET_LIMITS],
})
