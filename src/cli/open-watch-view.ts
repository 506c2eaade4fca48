import { startPlainView } from '../view/plain-view.ts'
import type { RunView } from '../view/run-view.ts'
import type { Host } from './host.ts'
import { openView } from './open-view.ts'

/**
 * What a watch shows is its data: plain lines go to stdout unless JSON does, and when the reader of that pipe has left,
 * the watch is over. On a terminal there is the live view.
 */
export function openWatchView(
  options: {
    readonly host: Host
    readonly output: 'text' | 'json'
    readonly wantsLive: boolean
  },
  stop: () => void,
): Promise<RunView> {
  const { host, output, wantsLive } = options
  const isData = output === 'text' && !(host.stdout.isTTY && wantsLive)
  if (!isData) return openView(host, { wantsLive, stop })
  host.stdout.on('error', stop)
  return Promise.resolve(startPlainView((line) => host.stdout.write(`${line}\n`)))
}
