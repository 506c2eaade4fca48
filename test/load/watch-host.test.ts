import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCpuPressure } from '../../src/load/host/cpu-pressure.ts'
import { cpuShares, readCpuTimes } from '../../src/load/host/cpu-times.ts'
import { readFdLimit } from '../../src/load/host/fd-limit.ts'
import { portCount, procAddresses } from '../../src/load/host/port-count.ts'
import { readPortSupply } from '../../src/load/host/port-supply.ts'
import type { HostHealth } from '../../src/load/host-health.ts'
import { watchHost } from '../../src/load/watch-host.ts'

const stat = (columns: string) => `cpu  ${columns}\ncpu0 1 2 3 4 5 6 7 8 0 0\nintr 1\n`

describe('processor time', () => {
  it('is read from the line of all cores', () => {
    expect(readCpuTimes(stat('100 1 50 800 20 3 4 22 7 0'))).toEqual({
      total: 1_000,
      idle: 820,
      steal: 22,
    })
  })

  it('gives shares of the time between two readings', () => {
    const before = { total: 1_000, idle: 820, steal: 22 }
    expect(cpuShares(before, { total: 1_200, idle: 970, steal: 72 })).toEqual({
      stealShare: 0.25,
      busyShare: 0.25,
    })
    expect(cpuShares(before, before)).toBeUndefined()
  })

  it('is never a share beyond 0 to 1, even when idle time runs backwards', () => {
    const shares = cpuShares(
      { total: 1_000, idle: 820, steal: 22 },
      { total: 1_010, idle: 815, steal: 20 },
    )
    expect(shares).toEqual({ stealShare: 0, busyShare: 1 })
  })
})

describe('what /proc says', () => {
  it('of pressure is a share', () => {
    const text = 'some avg10=38.35 avg60=38.74 avg300=14.13 total=61209588\nfull avg10=1.00\n'
    expect(readCpuPressure(text)).toBeCloseTo(0.3835, 10)
  })

  it('of open files is the soft limit', () => {
    const limits =
      'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024   524288    files\n'
    expect(readFdLimit(limits)).toBe(1_024)
    expect(readFdLimit(limits.replace('1024  ', 'unlimited '))).toBe(Infinity)
  })

  it('in another form is nothing, never a wrong figure', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readCpuTimes(text)).toBeUndefined()
        expect(readCpuPressure(text)).toBeUndefined()
        expect(readFdLimit(text)).toBeUndefined()
      }),
    )
  })
})

describe('the supply of ports', () => {
  const settings = { ip_local_port_range: '32768\t60999\n', tcp_tw_reuse: '2\n' }

  it.each([
    ['127.0.0.1', {}, 1_000_000],
    ['::1', {}, 1_000_000],
    ['10.0.0.1', {}, 60_000_000],
    ['10.0.0.1', { tcp_tw_reuse: '1' }, 1_000_000],
    ['127.0.0.1', { tcp_tw_reuse: '0' }, 60_000_000],
    ['127.0.0.1', { tcp_timestamps: '0' }, 60_000_000],
    ['127.0.0.1', { tcp_tw_reuse_delay: '250' }, 250_000],
  ])('towards %s with %j is held for %i µs each', (host, more, heldUs) => {
    expect(readPortSupply({ ...settings, ...more }, host)).toEqual({ count: 28_232, heldUs })
  })
})

/** As `/proc/net/tcp` has it: one listener, then one line a state, age in seconds for TIME_WAIT. */
const line = (remote: string, state: string, ageSeconds = 0) =>
  `   1: 0100007F:9C40 ${remote} ${state} 00000000:00000000 ${
    state === '06' ? `03:${((60 - ageSeconds) * 100).toString(16).padStart(8, '0')}` : '00:00000000'
  } 00000000     0        0 12345 1 0000000000000000 20 4 30 10 -1\n`

describe('ports that are taken', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n'
  const table = [
    head,
    line('00000000:0000', '0A'),
    line('0100007F:1F90', '01'),
    line('0100007F:1F90', '06', 0),
    line('0100007F:1F90', '06', 5),
    line('0100007F:1F91', '01'),
    line('0200007F:1F90', '01'),
  ].join('')

  it('are those towards the address alone, a closed one for as long as it is held', () => {
    const counted = (heldUs: number) => {
      const count = portCount('127.0.0.1', 8_080, heldUs)
      count.feed(table)
      return count.ports
    }
    expect(counted(60_000_000)).toBe(3)
    expect(counted(1_000_000)).toBe(2)
  })

  it('are the same wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: table.length }), { maxLength: 8 }), (cuts) => {
        const count = portCount('127.0.0.1', 8_080, 60_000_000)
        const edges = [0, ...cuts.toSorted((left, right) => left - right), table.length]
        for (let at = 1; at < edges.length; at++) count.feed(table.slice(edges[at - 1], edges[at]))
        expect(count.ports).toBe(3)
      }),
    )
  })

  it('are found by the form in which the kernel writes an address', () => {
    expect(procAddresses('127.0.0.1')).toEqual(['0100007F', '0000000000000000FFFF00000100007F'])
    expect(procAddresses('::1')).toEqual(['00000000000000000000000001000000'])
    expect(procAddresses('2001:db8::ff00:42:8329')).toEqual(['B80D01200000000000FF000029834200'])
  })
})

describe.runIf(process.platform === 'linux')('the watch of the host', () => {
  it('sees the connections, descriptors and memory of this very process', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const sockets = Array.from({ length: 7 }, () => connect(port, '127.0.0.1'))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    const samples: HostHealth[] = []
    await new Promise<void>((resolve) => {
      const watch = watchHost({
        nowUs: () => 42,
        target: { host: '127.0.0.1', port },
        everyMs: 20,
        onSample(health) {
          // Two ticks of the processor's clock must lie between two samples to give a share.
          if (samples.push(health) < 4) return
          watch.close()
          resolve()
        },
      })
    })
    for (const socket of sockets) socket.destroy()
    server.close()
    for (const { atUs, ports, fds, fdLimit = 0, portRange = 0, rssBytes = 0 } of samples) {
      expect(atUs).toBe(42)
      expect(ports).toBe(7)
      expect(fds).toBeGreaterThanOrEqual(14)
      expect(fdLimit).toBeGreaterThan(fds ?? NaN)
      expect(portRange).toBeGreaterThan(7)
      expect(rssBytes).toBeGreaterThan(10_000_000)
    }
    expect(samples.some(({ busyShare = -1 }) => busyShare >= 0 && busyShare <= 1)).toBe(true)
  })
})
