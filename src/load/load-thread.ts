import { parentPort, workerData } from 'node:worker_threads'
import { monotonicUs } from '../base/clock.ts'
import { driveLoad } from './drive/drive-load.ts'
import type { LoadMessage, LoadThreadData } from './generate-load.ts'
import { createRequestSource } from './source/create-request-source.ts'
import { warmUp } from './warm-up.ts'

/** The entry of a generator thread: its work comes as worker data, it answers with {@link LoadMessage}s. */
const port = parentPort
if (!port) throw new Error('load-thread runs only as a worker thread')

const { plan, isStopped } = workerData as LoadThreadData
// performance.now() is cheaper than hrtime and runs on the same clock; only its zero differs by thread.
const offsetUs = monotonicUs() - performance.now() * 1_000 - plan.runStartedAtUs
const nowUs = () => Math.floor(performance.now() * 1_000 + offsetUs)

/** Between the warm-up and the schedule, for what the warm-up leaves to be collected and closed. */
const QUIET_US = 50_000

const tell = (message: LoadMessage) => port.postMessage(message)

const stop = new AbortController()
if (isStopped) stop.abort()
port.on('message', (message) => {
  if (message === 'stop') stop.abort()
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
      port.close()
    },
  },
  signal: stop.signal,
})
