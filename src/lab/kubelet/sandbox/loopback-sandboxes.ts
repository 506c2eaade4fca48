import type { PodAddresses } from '../pod-addresses.ts'
import type { PodSandboxes } from './pod-sandbox.ts'

/** Sandboxes without namespaces: a pod has only a loopback address of its own, which nothing can take away. */
export const loopbackSandboxes = (addresses: Pick<PodAddresses, 'allocate'>): PodSandboxes => ({
  create: () =>
    Promise.resolve({
      ip: addresses.allocate(),
      enter: [],
      remove: () => Promise.resolve(),
    }),
})
