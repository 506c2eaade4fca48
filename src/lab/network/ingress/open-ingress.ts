import { findProgram } from '../../apps/find-program.ts'
import type { Ingress } from '../../api/kinds/ingress.ts'
import type { ListenAddress } from '../listen-on-first.ts'
import type { NetworkServices } from '../network-services.ts'
import { podsOf } from '../peer.ts'
import { createIngressProxy } from './ingress-proxy.ts'
import type { IngressProxy, IngressProxyOptions } from './ingress-proxy.ts'
import type { Route } from './ingress-routes.ts'
import { createNginxProxy } from './nginx/nginx-proxy.ts'
import type { IngressProfile } from './profile.ts'
import { createTargetGroup } from './target-group.ts'
import { targetSettings } from './target-settings.ts'

/** An Ingress that is served. */
export interface OpenIngress {
  /** What its controller knows from now on: its own routes, and those of other Ingresses that its address serves too. */
  setRoutes(own: readonly Route[], others: readonly Route[]): void
  close(): void
}

/** Opens the proxy of an Ingress, publishes its address, and tells the truth of whom it sends requests to. */
export function openIngress(
  network: NetworkServices,
  profile: IngressProfile,
  ingress: Ingress,
): OpenIngress {
  const { store, truth } = network
  const { name, namespace = 'default' } = ingress.metadata
  const random = network.random.stream(`ingress/${name}`)
  let own: readonly Route[] = []
  let others: readonly Route[] = []
  let pods = ''
  const proxy = openProxy(network, {
    profile,
    random,
    addresses: network.addresses.ingressAddresses(),
    onAnswer: (answer, atUs) => {
      truth.record({ type: 'answer', where: 'ingress', ...answer }, atUs)
    },
    onBound: (address) => {
      store.change<Ingress>('ingresses', namespace, name, (draft) => {
        publishAddress(draft, address)
      })
    },
  })
  const group =
    profile.targets &&
    createTargetGroup({
      settings: targetSettings(ingress, profile.targets),
      random: random.stream('targets'),
      onChange: apply,
      onDrained: (peer) => {
        proxy.cut(peer)
      },
    })
  function apply(): void {
    const serving = (route: Route): Route =>
      group ? { ...route, peers: group.serving(route.peers) } : route
    const routes = own.map(serving)
    proxy.setRoutes([...routes, ...others.map(serving)])
    const names = [...new Set(routes.flatMap(({ peers }) => podsOf(peers)))].sort()
    if (pods === names.join()) return
    pods = names.join()
    truth.record({ type: 'rules', where: 'ingress', name, pods: names })
  }
  return {
    setRoutes: (ownNext, othersNext) => {
      own = ownNext
      others = othersNext
      group?.register([...own, ...others].flatMap(({ peers }) => peers))
      apply()
    },
    close: () => {
      group?.close()
      proxy.close()
    },
  }
}

/** The machine's own program where the profile asks for it, else the lab's proxy. */
function openProxy({ directory }: NetworkServices, options: IngressProxyOptions): IngressProxy {
  const binary = options.profile.program && findProgram(options.profile.program)
  return binary === undefined
    ? createIngressProxy(options)
    : createNginxProxy({ ...options, binary, directory })
}

function publishAddress(draft: Ingress, { host, port }: ListenAddress): void {
  draft.status = {
    loadBalancer: { ingress: [{ ip: host, ports: [{ port, protocol: 'TCP' }] }] },
  }
}
