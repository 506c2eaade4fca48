import { isIPv6 } from 'node:net'

const TIME_WAIT = '06'
const TIME_WAIT_TICKS = 6_000
const US_PER_TICK = 10_000

/** Counts the ports towards one address in `/proc/net/tcp` or `/proc/net/tcp6`, fed piece by piece. */
export interface PortCount {
  feed(text: string): void
  readonly ports: number
}

/**
 * A socket with this remote end has a local port taken. One in TIME_WAIT counts only for `heldUs`: after that the
 * kernel gives its port to a new connection, which is what decides whether ports run out.
 */
export function portCount(host: string, port: number, heldUs: number): PortCount {
  const remotes = new Set(procAddresses(host).map((address) => `${address}:${hex(port, 4)}`))
  let ports = 0
  let rest = ''
  const take = (line: string) => {
    const [, , remote = '', state, , timer = ''] = line.trimStart().split(/ +/, 6)
    if (!remotes.has(remote)) return
    // `tr:tm->when`: 3 is TIME_WAIT, and what is left of it in hundredths of a second.
    const leftTicks = parseInt(timer.slice(3), 16)
    const heldForUs = (TIME_WAIT_TICKS - leftTicks) * US_PER_TICK
    if (state !== TIME_WAIT || !(heldForUs > heldUs)) ports++
  }
  return {
    feed(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) take(line)
    },
    get ports() {
      return ports
    },
  }
}

/** An IP address as `/proc/net/tcp` and `tcp6` write it: words of 32 bits in the machine's order (little-endian). */
export function procAddresses(host: string): string[] {
  if (!isIPv6(host)) {
    const word = wordOf(host.split('.').map(Number))
    return [word, `0000000000000000FFFF0000${word}`]
  }
  const bytes = ipv6Bytes(host)
  return [[0, 4, 8, 12].map((at) => wordOf(bytes.slice(at, at + 4))).join('')]
}

const hex = (value: number, digits: number) =>
  value.toString(16).toUpperCase().padStart(digits, '0')

const wordOf = (bytes: readonly number[]) =>
  bytes
    .toReversed()
    .map((byte) => hex(byte, 2))
    .join('')

function ipv6Bytes(host: string): number[] {
  const [address = ''] = host.split('%')
  // The WHATWG URL parser writes every form, dotted ends included, as plain groups.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = plain.split('::')
  const groups = (text: string) =>
    text === '' ? [] : text.split(':').map((part) => parseInt(part, 16))
  const left = groups(head)
  const right = groups(tail ?? '')
  const filler = new Array<number>(tail === undefined ? 0 : 8 - left.length - right.length).fill(0)
  return [...left, ...filler, ...right].flatMap((group) => [group >> 8, group & 0xff])
}
