import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { monotonicUs } from '../base/clock.ts'
import { driveLoad } from './drive/drive-load.ts'
import { createRequestSource } from './source/create-request-source.ts'
import type { GeneratorData, GeneratorMessage, GeneratorOrder } from './start-generator.ts'
import { warmUp } from './warm-up.ts'

/** The entry of a generator, a thread or a process: it gets {@link GeneratorData} and answers with {@link GeneratorMessage}s. */
const { data, tell, onOrder, close } = parentPort ? ofThread(parentPort) : await ofProcess()
const { plan, isStopped } = data
// performance.now() is cheaper than hrtime and runs on the same clock; only its zero differs by thread.
const offsetUs = monotonicUs() - performance.now() * 1_000 - plan.runStartedAtUs
const nowUs = () => Math.floor(performance.now() * 1_000 + offsetUs)

/** Between the warm-up and the schedule, for what the warm-up leaves to be collected and closed. */
const QUIET_US = 50_000

const stop = new AbortController()
const finish = new AbortController()
if (isStopped) stop.abort()
onOrder((order) => {
  if (order.type === 'stop') stop.abort()
  else finish.abort(order.atUs)
})

const source = createRequestSource(plan.load, {
  hostHeader: plan.address.hostHeader,
  share: plan.thread ?? { index: 0, count: 1 },
})
const mayWarmUp = () => !stop.signal.aborted && nowUs() < plan.loadStartsAtUs - QUIET_US
await warmUp(plan, nowUs, mayWarmUp)
await driveLoad({
  plan,
  source,
  nowUs,
  receiver: {
    frame: (frame, failures, lines) => tell({ type: 'frame', frame, failures, lines }),
    ended(unlisted) {
      const { skipped, problem } = source
      source.close()
      const end = {
        unlisted,
        ...(skipped > 0 && { skipped }),
        ...(problem !== undefined && { problem }),
      }
      tell({ type: 'ended', end })
      close()
    },
  },
  signal: stop.signal,
  finish: finish.signal,
})

interface Channel {
  readonly data: GeneratorData
  readonly tell: (message: GeneratorMessage) => void
  readonly onOrder: (take: (order: GeneratorOrder) => void) => void
  /** Lets the thread or process end. */
  readonly close: () => void
}

function ofThread(port: NonNullable<typeof parentPort>): Channel {
  return {
    data: workerData as GeneratorData,
    tell: (message) => port.postMessage(message),
    onOrder: (take) => void port.on('message', take),
    close: () => port.close(),
  }
}

async function ofProcess(): Promise<Channel> {
  // Whoever started it is gone: then nobody wants the load any more.
  process.on('disconnect', () => process.exit())
  const [data] = (await once(process, 'message')) as [GeneratorData]
  return {
    data,
    tell: (message) => void process.send?.(message),
    onOrder: (take) => void process.on('message', (order) => take(order as GeneratorOrder)),
    close: () => process.removeAllListeners('disconnect').disconnect(),
  }
}
