import { arch, availableParallelism, release, totalmem, type } from 'node:os'

/** The version whose API and behaviour the lab follows; its own word after it says that it is not Kubernetes. */
const KUBELET_VERSION = 'v1.34.0-podtank'

/**
 * What a Node's status says of this machine. Several nodes of a lab are names of it, so each has all of it; the
 * scheduler counts neither CPU nor memory.
 */
export function nodeFacts() {
  const capacity = {
    cpu: String(availableParallelism()),
    memory: `${String(Math.floor(totalmem() / 1024))}Ki`,
    'ephemeral-storage': '0',
    pods: '110',
  }
  return {
    capacity,
    allocatable: capacity,
    nodeInfo: {
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: release(),
      osImage: 'Podtank lab',
      containerRuntimeVersion: 'podtank://processes',
      kubeletVersion: KUBELET_VERSION,
      kubeProxyVersion: KUBELET_VERSION,
      operatingSystem: type().toLowerCase(),
      architecture: arch() === 'x64' ? 'amd64' : arch(),
    },
  }
}
