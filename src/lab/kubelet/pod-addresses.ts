import { createServer } from 'node:net'
import type { Server } from 'node:net'

const FIRST_BLOCK = 77
const LAST_BLOCK = 94
const KUBELET_PORT = 10_250

/** The loopback addresses of this lab's pods: 127.N.0.2 upward; a lab beside it gets another N. */
export interface PodAddresses {
  /** 0 for the first lab of this machine, up to 17; no two labs have the same. */
  readonly labNumber: number
  /** The node's own address, 127.N.0.1. */
  readonly hostIp: string
  /** The next address; none is given twice before all have been used. */
  allocate(): string
  close(): void
}

/** Takes the first block of addresses that no other lab on this machine holds; undefined when all are taken. */
export async function claimPodAddresses(): Promise<PodAddresses | undefined> {
  for (let block = FIRST_BLOCK; block <= LAST_BLOCK; block += 1) {
    const hostIp = `127.${String(block)}.0.1`
    const claim = await listen(hostIp)
    if (claim) return addressesOf(block, hostIp, claim)
  }
  return undefined
}

function addressesOf(block: number, hostIp: string, claim: Server): PodAddresses {
  let last = 1
  return {
    labNumber: block - FIRST_BLOCK,
    hostIp,
    allocate: () => {
      last = last === 0xfffe ? 2 : last + 1
      return `127.${String(block)}.${String(last >> 8)}.${String(last & 0xff)}`
    },
    close: () => {
      claim.close()
    },
  }
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', () => {
      resolve(undefined)
    })
    server.listen(KUBELET_PORT, address, () => {
      resolve(server)
    })
  })
}
