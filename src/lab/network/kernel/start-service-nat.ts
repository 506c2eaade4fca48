import type { Service } from '../../api/kinds/service.ts'
import type { NetworkServices } from '../network-services.ts'
import { onSpecChange } from '../on-spec-change.ts'
import { podsOf } from '../peer.ts'
import { createSyncLimiter } from '../sync-limiter.ts'
import { emptyTable, nftRules } from './nft-rules.ts'
import { runTool } from './run-tool.ts'
import { serviceRules } from './service-rules.ts'
import type { PortRules } from './service-rules.ts'

/** kube-proxy's minSyncPeriod (k8s-mechanics 3.3). */
const MIN_SYNC_PERIOD_MS = 1000

/** Makes every Service kernel NAT, with kube-proxy's timing. Gives the way to stop. */
export function startServiceNat({ store, truth }: NetworkServices): () => void {
  const truePods = new Map<string, string>()
  let programmed = ''
  let work = program(emptyTable)

  /** What the kernel does from now on. */
  const note = (ports: readonly PortRules[]) => {
    for (const { service, port, internal } of ports) {
      const pods = podsOf(internal.peers)
      const key = `${service.metadata.uid}/${String(port.port)}`
      if ((truePods.get(key) ?? '') === pods.join()) continue
      truePods.set(key, pods.join())
      truth.record({ type: 'rules', where: 'service', name: service.metadata.name, pods })
    }
  }
  const sync = () => {
    const ports = serviceRules(store)
    const rules = nftRules(ports)
    if (rules === programmed) return
    programmed = rules
    work = work
      .then(() => program(rules))
      .then(() => {
        note(ports)
      })
  }
  const limiter = createSyncLimiter(MIN_SYNC_PERIOD_MS, sync)
  const request = () => {
    limiter.request()
  }
  const stops = [
    store.watch<Service>('services', onSpecChange(request)),
    store.watch('endpointslices', request),
  ]
  return () => {
    for (const stop of stops) stop()
    limiter.close()
  }
}

/** The rules are ours alone: a kernel that took the first of them and refuses these has found a bug. */
async function program(rules: string): Promise<void> {
  const failure = await runTool(['nft', '-f', '-'], rules)
  if (failure !== undefined) throw new Error(`nft refuses the rules of the Services: ${failure}`)
}
