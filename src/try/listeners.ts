import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A TCP socket that a process listens at. */
export interface Listener {
  readonly pid: number
  /** `0.0.0.0`, `::`, `127.0.0.1`, … */
  readonly address: string
  readonly port: number
}

const LISTEN = '0A'

/** Where these processes listen, by /proc; a socket that several of them hold is given for each. */
export function listenersOf(pids: readonly number[]): Listener[] {
  return pids.flatMap((pid) => {
    const held = socketsOf(pid)
    return [...readTable(pid, 'tcp'), ...readTable(pid, 'tcp6')]
      .filter(({ inode }) => held.has(inode))
      .map(({ address, port }) => ({ pid, address, port }))
  })
}

/** The socket takes connections to every address. */
export const isWildcard = ({ address }: Listener): boolean =>
  address === '0.0.0.0' || address === '::'

export const isLoopback = ({ address }: Listener): boolean =>
  address.startsWith('127.') || address === '::1'

/** Whether a process has the network of this one: then an address that it takes is taken for all. */
export function sharesNetwork(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net')
  } catch {
    return true
  }
}

function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>()
  try {
    for (const name of readdirSync(`/proc/${pid}/fd`)) {
      const target = readlink(`/proc/${pid}/fd/${name}`)
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
      if (inode !== undefined) inodes.add(inode)
    }
  } catch {
    // It has ended.
  }
  return inodes
}

function readlink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function readTable(pid: number, table: 'tcp' | 'tcp6') {
  return readText(`/proc/${pid}/net/${table}`)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN)
    .map((fields) => {
      const [host = '', port = ''] = (fields[1] ?? '').split(':')
      return { address: addressOf(host), port: Number.parseInt(port, 16), inode: fields[9] ?? '' }
    })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** The kernel prints words of 32 bits in the machine's byte order, which is taken to be little-endian. */
function addressOf(hex: string): string {
  const bytes = hex.match(/.{8}/g)?.flatMap((word) => (word.match(/../g) ?? []).toReversed()) ?? []
  const numbers = bytes.map((byte) => Number.parseInt(byte, 16))
  if (numbers.length === 4) return numbers.join('.')
  if (numbers.every((byte) => byte === 0)) return '::'
  if (numbers.slice(0, 15).every((byte) => byte === 0)) return '::1'
  const isMapped = numbers.slice(0, 10).every((byte) => byte === 0) && numbers[10] === 255
  return isMapped ? numbers.slice(12).join('.') : bytes.join('').replace(/(.{4})(?=.)/g, '$1:')
}
