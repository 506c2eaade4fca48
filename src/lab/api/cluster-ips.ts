import type { Service } from './kinds/service.ts'
import type { KubeObject } from './store.ts'

const FIRST = 1
const LAST = 0xffff

const inRange = (address: string): boolean => /^127\.96\.\d{1,3}\.\d{1,3}$/.test(address)

/** Gives each Service the next address of 127.96.0.0/16: loopback, so that the lab can really listen there. */
export interface ClusterIps {
  /** Fills `clusterIP` and `clusterIPs` of a draft; gives the mistakes that stop it. */
  assign(draft: KubeObject): string[]
}

export function createClusterIps(): ClusterIps {
  const taken = new Set<string>()
  let next = FIRST
  const allocate = (): string | undefined => {
    while (next <= LAST) {
      const address = `127.96.${String(next >> 8)}.${String(next & 0xff)}`
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
      if (asked && !inRange(asked)) {
        return [
          `spec.clusterIPs: Invalid value: ["${asked}"]: failed to allocate IP ${asked}: ` +
            'the provided IP is not in the valid range 127.96.0.0/16 of the lab',
        ]
      }
      if (asked && taken.has(asked)) {
        return [`spec.clusterIPs: Invalid value: ["${asked}"]: provided IP is already allocated`]
      }
      const address = asked ?? allocate()
      if (!address) return ['spec.clusterIPs: the range 127.96.0.0/16 is full']
      taken.add(address)
      spec.clusterIP = address
      spec.clusterIPs = [address]
      return []
    },
  }
}
