import { NODE_IP } from '../lab-addresses.ts'
import type { Peer } from '../peer.ts'
import type { Destination, PortRules } from './service-rules.ts'

/**
 * The table that holds all rules, empty. NAT is decided for the first packet of a connection only; conntrack carries the
 * rest, also when the rule is gone. A pod that reaches itself through a Service gets the node's address as its source.
 */
export const emptyTable = `add table ip podtank
delete table ip podtank
table ip podtank {
  set hairpin { type ipv4_addr . ipv4_addr; }
  chain services { }
  chain no-endpoints { }
  chain nat-output { type nat hook output priority -100; jump services; }
  chain nat-prerouting { type nat hook prerouting priority -100; jump services; }
  chain nat-postrouting {
    type nat hook postrouting priority 100;
    ip saddr . ip daddr @hairpin masquerade;
  }
  chain filter-output { type filter hook output priority 0; ct state new jump no-endpoints; }
  chain filter-input { type filter hook input priority 0; ct state new jump no-endpoints; }
  chain filter-forward { type filter hook forward priority 0; ct state new jump no-endpoints; }
}
`

/** One transaction for `nft -f -` that puts these rules in the place of all before. */
export function nftRules(ports: readonly PortRules[]): string {
  const destinations = ports.flatMap(({ service, port, internal, external }) => {
    const atClusterIp = rule(service.spec.clusterIP ?? '', port.port, internal)
    return port.nodePort === undefined
      ? [atClusterIp]
      : [atClusterIp, rule(NODE_IP, port.nodePort, external)]
  })
  const pods = new Set(
    ports.flatMap(({ internal, external }) =>
      [...internal.peers, ...external.peers].map(({ address }) => `${address} . ${address}`),
    ),
  )
  return [
    'flush set ip podtank hairpin',
    'flush chain ip podtank services',
    'flush chain ip podtank no-endpoints',
    ...(pods.size > 0 ? [`add element ip podtank hairpin { ${[...pods].join(', ')} }`] : []),
    ...destinations,
    '',
  ].join('\n')
}

function rule(address: string, port: number, { peers, withoutPeers }: Destination): string {
  const match = `ip daddr ${address} tcp dport ${String(port)}`
  if (peers.length > 0) return `add rule ip podtank services ${match} dnat ip to ${choice(peers)}`
  const end = withoutPeers === 'drop' ? 'drop' : 'reject with icmp port-unreachable'
  return `add rule ip podtank no-endpoints ${match} ${end}`
}

/** Each with the same chance, as kube-proxy chooses. */
function choice(peers: readonly Peer[]): string {
  const entries = peers.map(
    ({ address, port }, index) => `${String(index)} : ${address} . ${String(port)}`,
  )
  return `numgen random mod ${String(peers.length)} map { ${entries.join(', ')} }`
}
