import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { monotonicUs } from '../../../base/clock.ts'
import type { Pod } from '../../api/kinds/pod.ts'
import type { NetworkServices } from '../network-services.ts'
import { connectionTruthTable, MISHAPS } from './connection-truth-rules.ts'
import { readMishaps } from './read-mishaps.ts'
import type { SeenMishap } from './read-mishaps.ts'
import { runTool, toolPath } from './run-tool.ts'

/** Well below the time that the kernel keeps what happened. */
const READ_EVERY_MS = 1000
/** A pod that lives answers an attempt within this. */
const ANSWER_US = 400_000
/** The same port, at the same pod: a reading that differs by less is the same event. */
const SAME_US = 500_000
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
  const stop = store.watch<Pod>('pods', ({ object }) => {
    if (object.status.podIP !== undefined) podAt.set(object.status.podIP, object.metadata.name)
  })
  const note = (seen: SeenMishap, readUs: number, isLast: boolean) => {
    const { mishap, address, clientPort, agoUs } = seen
    if (mishap === 'opened' && agoUs < ANSWER_US && !isLast) return
    const atUs = readUs - agoUs
    const key = `${mishap} ${address} ${String(clientPort)}`
    const before = known.get(key)
    known.set(key, atUs)
    if (before !== undefined && Math.abs(atUs - before) < SAME_US) return
    const pod = podAt.get(address) ?? ''
    truth.record({ type: 'cut', where: 'service', clientPort, pod, ...MISHAPS[mishap] }, atUs)
  }
  const read = async (isLast: boolean) => {
    const beforeUs = monotonicUs()
    const listing = await list()
    const readUs = Math.round((beforeUs + monotonicUs()) / 2)
    for (const seen of readMishaps(listing)) note(seen, readUs, isLast)
    for (const [key, atUs] of known) if (readUs - atUs > FORGET_US) known.delete(key)
  }
  let timer: NodeJS.Timeout | undefined
  let work = start()
  const readNext = () => {
    work = work.then(() => read(false))
    void work.then(() => (timer = setTimeout(readNext, READ_EVERY_MS)))
  }
  timer = setTimeout(readNext, READ_EVERY_MS)
  return async () => {
    stop()
    clearTimeout(timer)
    await work.then(() => read(true))
  }
}

const FORGET_US = 30_000_000

/** The rules are ours alone: a kernel that refuses them has found a bug. */
async function start(): Promise<void> {
  const failure = await runTool(['nft', '-f', '-'], connectionTruthTable)
  if (failure !== undefined) throw new Error(`nft refuses the rules of the truth: ${failure}`)
}

/** Empty when there was no reading it, as at the end of everything. */
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
