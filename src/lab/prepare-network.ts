import type { Problem } from '../base/problem.ts'
import type { Result } from '../base/result.ts'
import { fail, succeed } from '../base/result.ts'
import { claimPodAddresses } from './kubelet/pod-addresses.ts'
import { loopbackSandboxes } from './kubelet/sandbox/loopback-sandboxes.ts'
import { namespaceSandboxes } from './kubelet/sandbox/namespace-sandboxes.ts'
import type { PodSandboxes } from './kubelet/sandbox/pod-sandbox.ts'
import { setUpBridge } from './network/kernel/set-up-bridge.ts'
import { loopbackAddresses, namespaceAddresses } from './network/lab-addresses.ts'
import type { LabAddresses } from './network/lab-addresses.ts'
import type { LabNetwork } from './network/lab-network.ts'

/** What the rest of the lab sees of its network. */
export interface PreparedNetwork {
  readonly addresses: LabAddresses
  readonly sandboxes: PodSandboxes
}

/** Makes ready what pods are put into. Problems: `no-loopback-addresses`, `no-lab-network`. */
export async function prepareNetwork(
  network: LabNetwork,
): Promise<Result<PreparedNetwork, Problem>> {
  if (network === 'loopback') {
    const claimed = await claimPodAddresses()
    if (!claimed) return fail(noAddresses)
    const addresses = loopbackAddresses(claimed.labNumber, claimed.hostIp)
    return succeed({ addresses, sandboxes: loopbackSandboxes(claimed) })
  }
  const failure = await setUpBridge(network)
  if (failure !== undefined) return fail(noNetwork(failure))
  return succeed({ addresses: namespaceAddresses, sandboxes: namespaceSandboxes() })
}

const noAddresses: Problem = {
  code: 'no-loopback-addresses',
  message: 'The lab cannot listen on any of the loopback addresses 127.77.0.1 to 127.94.0.1.',
  hint: 'Each lab takes one of them (port 10250). End other labs; on macOS these addresses must be added to lo0.',
}

const noNetwork = (failure: string): Problem => ({
  code: 'no-lab-network',
  message: `The lab cannot make its network: ${failure}`,
  hint: 'use --lab-network loopback',
})
