import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { siblingModule } from '../../src/base/sibling-module.ts'

/** The server of a benchmark, in its own process. */
export interface BenchServer {
  readonly port: number
  /** Requests in each 100 ms in which one came, as [number of the 100 ms on the machine's clock, count]; then forgets. */
  takeBins(): Promise<readonly (readonly [number, number])[]>
  stop(): void
}

export async function startBenchServer(): Promise<BenchServer> {
  const child = fork(siblingModule(import.meta.url, './answering-server'))
  const [address] = (await once(child, 'message')) as [AddressInfo]
  return {
    port: address.port,
    async takeBins() {
      child.send('bins')
      const [bins] = (await once(child, 'message')) as [[number, number][]]
      return bins.toSorted(([left], [right]) => left - right)
    },
    stop: () => void child.kill(),
  }
}
