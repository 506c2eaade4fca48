import { startPlainView } from '../view/plain-view.ts'
import type { RunView } from '../view/run-view.ts'
import type { Host } from './host.ts'

/** The live view on a terminal, plain lines elsewhere; ink and react are loaded only for the first. */
export async function openView(
  host: Host,
  options: { readonly wantsLive: boolean; readonly stop: () => void },
): Promise<RunView> {
  const isTerminal = host.stderr.isTTY && host.stdin.isTTY && host.env['TERM'] !== 'dumb'
  if (!isTerminal || !options.wantsLive || host.env['CI'] !== undefined) {
    return startPlainView((line) => host.stderr.write(`${line}\n`))
  }
  const { startLiveView } = await import('../view/live-view.tsx')
  return startLiveView({
    stdin: host.stdin,
    // The view is talk, not data: stdout stays free for a pipe.
    stdout: host.stderr,
    useColour: host.env['NO_COLOR'] === undefined || host.env['NO_COLOR'] === '',
    commands: { stop: options.stop },
  })
}
