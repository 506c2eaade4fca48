import { isIPv4 } from 'node:net'
import type { Service } from './kinds/service.ts'
import type { KubeObject } from './store.ts'

const FIRST = 1

/** The addresses from 1 to `last`, counted in the lower 16 bits. */
export interface ClusterIpRange {
  /** As Kubernetes writes it: `198.19.0.0/17`. */
  readonly cidr: string
  /** The first two bytes, with both dots: `198.19.`. */
  readonly prefix: string
  readonly last: number
}

/** What a store gives when nobody says otherwise: loopback, so that a lab can listen there on any machine. */
export const loopbackClusterIps: ClusterIpRange = {
  cidr: '127.96.0.0/16',
  prefix: '127.96.',
  last: 0xffff,
}

function inRange(address: string, { prefix, last }: ClusterIpRange): boolean {
  if (!isIPv4(address) || !address.startsWith(prefix)) return false
  const [, , third = 0, fourth = 0] = address.split('.').map(Number)
  const offset = third * 256 + fourth
  return offset >= FIRST && offset <= last
}

/** Gives each Service the next address of a range that the lab can really answer at. */
export interface ClusterIps {
  /** Fills `clusterIP` and `clusterIPs` of a draft; gives the mistakes that stop it. */
  assign(draft: KubeObject): string[]
}

export function createClusterIps(range: ClusterIpRange): ClusterIps {
  const { cidr, prefix, last } = range
  const taken = new Set<string>()
  let next = FIRST
  const allocate = (): string | undefined => {
    while (next <= last) {
      const address = `${prefix}${String(next >> 8)}.${String(next & 0xff)}`
      next += 1
      if (!taken.has(address)) return address
    }
    return undefined
  }
  return {
    assign: (draft) => {
      const { spec } = draft as Service
      if (spec.type === 'ExternalName' || spec.clusterIP === 'None') return []
      const asked = spec.clusterIP
      if (asked && !inRange(asked, range)) {
        return [
          `spec.clusterIPs: Invalid value: ["${asked}"]: failed to allocate IP ${asked}: ` +
            `the provided IP is not in the valid range ${cidr} of the lab`,
        ]
      }
      if (asked && taken.has(asked)) {
        return [`spec.clusterIPs: Invalid value: ["${asked}"]: provided IP is already allocated`]
      }
      const address = asked ?? allocate()
      if (!address) return [`spec.clusterIPs: the range ${cidr} is full`]
      taken.add(address)
      spec.clusterIP = address
      spec.clusterIPs = [address]
      return []
    },
  }
}
