import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, InvalidArgumentError } from 'commander'
import { entryAtUs } from '../../recording/recording.ts'
import { readEntries } from '../../recording/read-recording.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import type { Host } from '../host.ts'
import { openView } from '../open-view.ts'
import { report } from '../report.ts'

/** `podtank replay DIR`. */
export function replayCommand(host: Host, end: (exitCode: number) => void): Command {
  return new Command('replay')
    .description('play the live view of a run again, from its recording')
    .argument('<directory>', 'of a run, such as reports/demo-…')
    .option('--speed <factor>', 'how much faster than it was', readSpeed, 1)
    .option('--no-live', 'plain lines instead of the live view')
    .action(async (directory: string, { speed, live }: { speed: number; live: boolean }) =>
      end(await replay(host, resolve(host.cwd, directory), speed, live)),
    )
}

function readSpeed(text: string): number {
  const speed = Number(text)
  if (!(speed > 0 && speed <= 1_000_000))
    throw new InvalidArgumentError('a speed is a number above 0')
  return speed
}

async function replay(
  host: Host,
  directory: string,
  speed: number,
  wantsLive: boolean,
): Promise<number> {
  const entries = await readEntries(directory)
  if (!entries.ok) return report(host, [entries.error], EXIT.usage)
  const stopping = new AbortController()
  const closeSignals = host.onSignal(() => stopping.abort())
  const view = await openView(host, { wantsLive, stop: () => stopping.abort() })
  const startedMs = performance.now()
  for (const entry of entries.value) {
    const dueMs = startedMs + entryAtUs(entry) / 1_000 / speed
    const waitMs = dueMs - performance.now()
    if (waitMs > 1)
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    if (stopping.signal.aborted) break
    view.entry(entry)
  }
  await view.close()
  closeSignals()
  return EXIT.passed
}
