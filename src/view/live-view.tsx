import { render } from 'ink'
import type { Entry } from '../recording/entry.ts'
import { frameLines } from './frame/frame-lines.ts'
import { continuePlainView } from './plain-view.ts'
import type { RunView, ViewCommands } from './run-view.ts'
import { Screen } from './screen.tsx'
import { NO_KEYS, pressKey, type ViewKeys } from './view-keys.ts'
import { atInstant, EMPTY_VIEW, type ViewState, viewState, withStopProgress } from './view-state.ts'

export interface LiveViewOptions {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly useColour: boolean
  readonly commands: ViewCommands
}

const FRAME_MS = 250
const CURSOR_HOME = '\u001b[H'

/** Shows a run on the whole terminal, four times a second, until it is closed or left with q. */
export function startLiveView(options: LiveViewOptions): Promise<RunView> {
  const { stdout } = options
  let state: ViewState = EMPTY_VIEW
  let plain: RunView | undefined
  const live = openScreen(options, () => state, {
    leave() {
      void live.close()
      plain = continuePlainView((line) => stdout.write(`${line}\n`), state)
    },
  })
  return Promise.resolve({
    entry(entry: Entry) {
      if (plain) plain.entry(entry)
      else state = viewState(state, entry)
    },
    stopProgress(progress) {
      state = withStopProgress(state, progress)
    },
    tick(nowUs) {
      state = atInstant(state, nowUs)
    },
    async close() {
      await (plain ?? live).close()
    },
  })
}

/** Takes the terminal, draws the present state, and obeys the keys. */
function openScreen(
  { stdin, stdout, useColour, commands }: LiveViewOptions,
  present: () => ViewState,
  { leave }: { readonly leave: () => void },
): { close(): Promise<void> } {
  let keys: ViewKeys = NO_KEYS
  const onKey = (key: string) => {
    if (key === 'q') {
      leave()
      return
    }
    if (key === 'ctrl-c') {
      interrupt()
      return
    }
    const wasStopping = keys.isStopping
    keys = pressKey(keys, key, present())
    if (keys.isStopping && !wasStopping) commands.stop()
    draw()
  }
  const screen = () => {
    // A terminal that does not know its size says 0.
    const size = { columns: stdout.columns || 80, rows: stdout.rows || 24 }
    const lines = frameLines(keys.frozen ?? present(), keys, size)
    return <Screen lines={lines} useColour={useColour} onKey={onKey} />
  }
  const nothing = <Screen lines={[]} useColour={useColour} onKey={onKey} />
  const ink = render(nothing, {
    stdin,
    stdout,
    // A terminal is there, whatever CI says: this view is only opened on one.
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 10,
  })
  // The other screen begins with the cursor where it was on the first one.
  stdout.write(CURSOR_HOME)
  const draw = () => ink.rerender(screen())
  draw()
  const timer = setInterval(draw, FRAME_MS)
  stdout.on('resize', draw)
  return {
    async close() {
      clearInterval(timer)
      stdout.off('resize', draw)
      ink.unmount()
      await ink.waitUntilExit()
      stdin.unref()
    },
  }
}

/** In raw mode Ctrl-C is only a key; the run listens for the signal. */
const interrupt = (): void => {
  process.kill(process.pid, 'SIGINT')
}
