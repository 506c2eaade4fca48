import type { Service, ServicePort } from '../../api/kinds/service.ts'
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
    const rules = affinitySeconds(service) === undefined ? spreadingRules : stickyRules
    const clusterIp = service.spec.clusterIP ?? ''
    return [
      ...rulesAt(clusterIp, port.port, internal, rules(service, port)),
      ...(port.nodePort === undefined
        ? []
        : rulesAt(NODE_IP, port.nodePort, external, rules(service, port))),
    ]
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

type RulesTo = (match: string, peers: readonly Peer[]) => string[]

function rulesAt(
  address: string,
  port: number,
  { peers, withoutPeers }: Destination,
  rulesTo: RulesTo,
): string[] {
  const match = `ip daddr ${address} tcp dport ${String(port)}`
  if (peers.length > 0) return rulesTo(match, peers)
  const end = withoutPeers === 'drop' ? 'drop' : 'reject with icmp port-unreachable'
  return [`add rule ip podtank no-endpoints ${match} ${end}`]
}

/** How long a client keeps its endpoint; undefined: not at all. */
const affinitySeconds = ({ spec }: Service): number | undefined =>
  spec.sessionAffinity === 'ClientIP'
    ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800)
    : undefined

const spreadingRules = (): RulesTo => (match, peers) => [
  `add rule ip podtank services ${match} dnat ip to ${choice(peers)}`,
]

/**
 * As kube-proxy keeps affinity: a set of clients for each endpoint, renewed by each new connection. The sets outlive the
 * rules; a client whose endpoint is gone from the rules is given a new one.
 */
const stickyRules =
  (service: Service, port: ServicePort): RulesTo =>
  (match, peers) => {
    const seconds = String(affinitySeconds(service))
    const clients = peers.map(
      (peer) =>
        `affinity-${service.spec.clusterIP ?? ''}-${String(port.port)}-${peer.address}-${String(peer.port)}`,
    )
    const toPeer = (index: number, condition: string) => {
      const { address = '', port: peerPort = 0 } = peers[index] ?? {}
      const remember = `update @${clients[index] ?? ''} { ip saddr timeout ${seconds}s }`
      return `add rule ip podtank services ${match} ${condition}${remember} dnat ip to ${address}:${String(peerPort)}`
    }
    return [
      ...clients.map(
        (name) => `add set ip podtank ${name} { type ipv4_addr; flags dynamic,timeout; }`,
      ),
      ...clients.map((name, index) => toPeer(index, `ip saddr @${name} `)),
      ...clients.map((_, index) => {
        const left = peers.length - index
        return toPeer(index, left > 1 ? `numgen random mod ${String(left)} == 0 ` : '')
      }),
    ]
  }

/** Each with the same chance, as kube-proxy chooses. */
function choice(peers: readonly Peer[]): string {
  const entries = peers.map(
    ({ address, port }, index) => `${String(index)} : ${address} . ${String(port)}`,
  )
  return `numgen random mod ${String(peers.length)} map { ${entries.join(', ')} }`
}
