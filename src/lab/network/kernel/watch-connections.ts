import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { monotonicUs } from '../../../base/clock.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import { NODE_IP } from '../lab-addresses.ts'
import type { NetworkServices } from '../network-services.ts'
import { CLOCK_PORT, connectionTruthTables, MISHAPS } from './connection-truth-rules.ts'
import { readMishaps } from './read-mishaps.ts'
import type { SeenMishap } from './read-mishaps.ts'
import { runTool, toolPath } from './run-tool.ts'

/** Well below the time that the kernel keeps what happened. */
const READ_EVERY_MS = 1000
/** A pod that lives answers an attempt within this. */
const ANSWER_US = 400_000
/** The same port at the same pod: what differs by less is the same event, read again. */
const SAME_US = 500_000
const FORGET_US = 30_000_000
const LONGEST_LISTING_BYTES = 256 * 1024 * 1024

const run = promisify(execFile)

/**
 * Writes the truth of connections through kernel Services: read once a second, at the kernel's own times. Gives the way to
 * stop, which reads once more; nothing to do when nobody keeps the truth.
 */
export function watchConnections({ store, truth }: NetworkServices): () => Promise<void> {
  if (!truth.isKept) return () => Promise.resolve()
  const podAt = new Map<string, string>()
  const known = new Map<string, number>()
  const stopWatch = store.watch<Pod>('pods', ({ object }) => {
    if (object.status.podIP !== undefined) podAt.set(object.status.podIP, object.metadata.name)
  })
  const note = ({ mishap, address, clientPort }: SeenMishap, atUs: number) => {
    const key = `${mishap} ${address} ${String(clientPort)}`
    const before = known.get(key)
    known.set(key, atUs)
    if (before !== undefined && Math.abs(atUs - before) < SAME_US) return
    const pod = podAt.get(address) ?? ''
    truth.record({ type: 'cut', where: 'service', clientPort, pod, ...MISHAPS[mishap] }, atUs)
  }
  const read = async (isLast: boolean) => {
    const tickUs = await tick()
    for (const seen of readMishaps(await list())) {
      const mayBeAnswered = seen.mishap === 'opened' && seen.afterTickUs > -ANSWER_US
      if (isLast || !mayBeAnswered) note(seen, tickUs + seen.afterTickUs)
    }
    for (const [key, atUs] of known) if (tickUs - atUs > FORGET_US) known.delete(key)
  }
  const stopped = new AbortController()
  const work = readUntil(stopped.signal, read)
  return async () => {
    stopWatch()
    stopped.abort()
    await work
    await read(true)
  }
}

async function readUntil(
  stopped: AbortSignal,
  read: (isLast: boolean) => Promise<void>,
): Promise<void> {
  // The rules are ours alone: a kernel that refuses them has found a bug.
  const failure = await runTool(['nft', '-f', '-'], connectionTruthTables)
  if (failure !== undefined) throw new Error(`nft refuses the rules of the truth: ${failure}`)
  const isOver = () => sleep(READ_EVERY_MS, false, { signal: stopped }).catch(() => true)
  while (!(await isOver())) await read(false)
}

/** Lets the sets' clock tick; gives the moment. How long a listing takes does not matter then. */
function tick(): Promise<number> {
  const socket = createSocket('udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, NODE_IP, () => {
      const beforeUs = monotonicUs()
      socket.send('tick', CLOCK_PORT, NODE_IP, () => {
        resolve(Math.round((beforeUs + monotonicUs()) / 2))
        socket.close()
      })
    })
  })
}

/** Empty when it cannot be read, as at the end of everything. */
async function list(): Promise<string> {
  try {
    const { stdout } = await run('nft', ['list', 'table', 'ip', 'podtank-truth'], {
      env: { ...process.env, PATH: toolPath() },
      maxBuffer: LONGEST_LISTING_BYTES,
    })
    return stdout
  } catch {
    return ''
  }
}
