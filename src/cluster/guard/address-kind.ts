import { BlockList, isIP } from 'node:net'

/** What an address is good for: `metadata` and `link-local` are never a target, whoever asks. */
export type AddressKind =
  'metadata' | 'link-local' | 'unspecified' | 'multicast' | 'loopback' | 'ordinary'

type Range = readonly [address: string, prefix: number, family: 'ipv4' | 'ipv6']

const RANGES: readonly (readonly [AddressKind, readonly Range[]])[] = [
  [
    'metadata',
    [
      ['169.254.169.254', 32, 'ipv4'],
      ['169.254.170.2', 32, 'ipv4'],
      ['100.100.100.200', 32, 'ipv4'],
      ['192.0.0.192', 32, 'ipv4'],
      ['fd00:ec2::254', 128, 'ipv6'],
      ['fd20:ce::254', 128, 'ipv6'],
    ],
  ],
  [
    'link-local',
    [
      ['169.254.0.0', 16, 'ipv4'],
      ['fe80::', 10, 'ipv6'],
    ],
  ],
  [
    'unspecified',
    [
      ['0.0.0.0', 8, 'ipv4'],
      ['::', 128, 'ipv6'],
    ],
  ],
  [
    'multicast',
    [
      ['224.0.0.0', 4, 'ipv4'],
      ['255.255.255.255', 32, 'ipv4'],
      ['ff00::', 8, 'ipv6'],
    ],
  ],
  [
    'loopback',
    [
      ['127.0.0.0', 8, 'ipv4'],
      ['::1', 128, 'ipv6'],
    ],
  ],
]

const lists = RANGES.map(([kind, ranges]) => {
  const list = new BlockList()
  for (const [address, prefix, family] of ranges) list.addSubnet(address, prefix, family)
  return { kind, list }
})

/** The kind of an IP address; IPv4 within IPv6 (mapped, NAT64, 6to4) counts as what it leads to. */
export function addressKind(ip: string): AddressKind {
  const plain = plainAddress(ip)
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  return lists.find(({ list }) => list.check(plain, family))?.kind ?? 'ordinary'
}

/** One spelling of each address: no brackets, no zone, the IPv4 address within an IPv6 one. */
export function plainAddress(ip: string): string {
  const bare = ip.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (isIP(bare) !== 6) return bare
  const groups = groupsOf(new URL(`http://[${bare}]/`).hostname.slice(1, -1))
  const inner = [
    [0, 0, 0, 0, 0, 0xffff],
    [0, 0, 0, 0, 0, 0],
    [0x64, 0xff9b, 0, 0, 0, 0],
  ].some((prefix) => prefix.every((group, at) => groups[at] === group))
  const isAnyOrLocal = groups.slice(0, 7).every((group) => group === 0)
  if (inner && !isAnyOrLocal) return ipv4Of(groups[6] ?? 0, groups[7] ?? 0)
  if (groups[0] === 0x2002) return ipv4Of(groups[1] ?? 0, groups[2] ?? 0)
  return groups.map((group) => group.toString(16)).join(':')
}

function groupsOf(address: string): number[] {
  const [left = '', right] = address.split('::')
  const parse = (text: string) =>
    text
      .split(':')
      .filter(Boolean)
      .map((part) => parseInt(part, 16))
  const head = parse(left)
  if (right === undefined) return head
  const tail = parse(right)
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

const ipv4Of = (high: number, low: number): string =>
  [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
