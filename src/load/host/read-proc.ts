import { open, readFile, readdir } from 'node:fs/promises'
import { type PortSettings, type PortSupply, readPortSupply } from './port-supply.ts'
import { portCount } from './port-count.ts'

/** The text of a file below /proc; undefined where it cannot be read. */
export const readProc = (path: string): Promise<string | undefined> =>
  readFile(`/proc/${path}`, 'latin1').catch(() => undefined)

/** Open file descriptors of this process; undefined where it cannot be known. */
export const countFds = (): Promise<number | undefined> =>
  // One of them is the listing's own.
  readdir('/proc/self/fd').then(
    (names) => names.length - 1,
    () => undefined,
  )

const SETTINGS = [
  'ip_local_port_range',
  'tcp_tw_reuse',
  'tcp_tw_reuse_delay',
  'tcp_timestamps',
] as const

/** The {@link PortSupply} of this machine towards an address. */
export async function portSupply(host: string): Promise<PortSupply | undefined> {
  const texts = await Promise.all(SETTINGS.map((name) => readProc(`sys/net/ipv4/${name}`)))
  const known = SETTINGS.flatMap((name, at) => {
    const text = texts[at]
    return text === undefined ? [] : [[name, text] as const]
  })
  const settings: Partial<PortSettings> = Object.fromEntries(known)
  const { ip_local_port_range } = settings
  return ip_local_port_range === undefined
    ? undefined
    : readPortSupply({ ...settings, ip_local_port_range }, host)
}

/** More of the kernel's list of sockets than this is not read: it would cost more than it tells. */
const MAX_SOCKET_LIST_BYTES = 5 * 1_048_576

/** Local ports taken towards an address; `too-many` when the kernel's list of sockets is beyond the bound. */
export async function countPorts(
  target: { readonly host: string; readonly port: number },
  heldUs: number,
): Promise<number | 'too-many' | undefined> {
  const count = portCount(target.host, target.port, heldUs)
  const lists = ['/proc/net/tcp', '/proc/net/tcp6']
  let leftBytes = MAX_SOCKET_LIST_BYTES
  let read = 0
  for (const list of lists) {
    const taken = await feedFrom(list, leftBytes, (text) => count.feed(text))
    if (taken === undefined) continue
    if (taken > leftBytes) return 'too-many'
    leftBytes -= taken
    read++
  }
  return read === 0 ? undefined : count.ports
}

/** Reads a file in pieces off this thread; gives its length, or more than the limit when it was left there. */
async function feedFrom(
  path: string,
  limitBytes: number,
  feed: (text: string) => void,
): Promise<number | undefined> {
  const file = await open(path).catch(() => undefined)
  if (!file) return undefined
  const piece = Buffer.allocUnsafe(65_536)
  let bytes = 0
  try {
    for (;;) {
      const { bytesRead } = await file.read(piece)
      if (bytesRead === 0) return bytes
      bytes += bytesRead
      if (bytes > limitBytes) return bytes
      feed(piece.toString('latin1', 0, bytesRead))
    }
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}
