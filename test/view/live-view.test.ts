import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RunView } from '../../src/view/run-view.ts'
import { startLiveView } from '../../src/view/live-view.tsx'
import { makeEntries } from '../support/make-recording.ts'

/** The two ends of a terminal, without one. */
function terminal(columns: number, rows: number) {
  let written = ''
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns, rows })
  stdout.on('data', (chunk: Buffer) => (written += chunk.toString()))
  const modes: boolean[] = []
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
    ref: () => stdin,
    unref: () => stdin,
  })
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    modes,
    written: () => written,
    press: (key: string) => stdin.write(key),
    resize: (toColumns: number, toRows: number) => {
      Object.assign(stdout, { columns: toColumns, rows: toRows })
      stdout.emit('resize')
    },
  }
}

const open: RunView[] = []

async function start(columns = 80, rows = 24) {
  const screen = terminal(columns, rows)
  const stop = vi.fn()
  const { stdin, stdout } = screen
  const view = await startLiveView({ stdin, stdout, useColour: false, commands: { stop } })
  open.push(view)
  return { ...screen, view, stop }
}

afterEach(async () => {
  for (const view of open.splice(0)) await view.close()
})

const ENTER_OTHER_SCREEN = '\u001b[?1049h'
const LEAVE_OTHER_SCREEN = '\u001b[?1049l'
const SHOW_CURSOR = '\u001b[?25h'

describe('the live view', () => {
  it('takes the terminal, draws the run, and gives the terminal back', async () => {
    const { view, written, modes } = await start()
    for (const entry of makeEntries()) view.entry(entry)
    await expect.poll(written).toContain('made on lab  restore')
    await view.close()
    expect(written().indexOf(ENTER_OTHER_SCREEN)).toBe(0)
    expect(written().lastIndexOf(LEAVE_OTHER_SCREEN)).toBeGreaterThan(
      written().lastIndexOf('made on lab'),
    )
    expect(written().lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(0)
    expect(modes).toEqual([true, false])
  })

  it('goes on with plain lines after q, from where it was', async () => {
    const { view, written, press } = await start()
    const entries = makeEntries()
    const middle = entries.findIndex((entry) => entry.kind === 'frame' && entry.atUs === 6_500_000)
    for (const entry of entries.slice(0, middle)) view.entry(entry)
    press('q')
    await expect.poll(written).toContain(LEAVE_OTHER_SCREEN)
    for (const entry of entries.slice(middle)) view.entry(entry)
    await view.close()
    const left = written().lastIndexOf(LEAVE_OTHER_SCREEN) + LEAVE_OTHER_SCREEN.length
    const lines = written().slice(left).replace(SHOW_CURSOR, '').trimEnd().split('\n')
    const seconds = lines.filter((line) => line.includes('  ok ')).map((line) => line.slice(0, 8))
    expect(seconds).toEqual([
      '   7.0 s',
      '   8.0 s',
      '   9.0 s',
      '  10.0 s',
      '  11.0 s',
      '  12.0 s',
    ])
    expect(lines.at(-1)).toBe('  14.0 s  run finished')
  })

  it('stops the run after a second x only', async () => {
    const { written, press, stop } = await start()
    press('x')
    await expect.poll(written).toContain('Press x again')
    expect(stop).not.toHaveBeenCalled()
    press('x')
    await expect.poll(() => stop.mock.calls.length).toBe(1)
    await expect.poll(written).toContain('stopping')
  })

  it('makes a signal of Ctrl-C, which raw mode keeps from being one', async () => {
    const { press } = await start()
    const heard = new Promise((resolve) => process.once('SIGINT', resolve))
    press('\u0003')
    expect(await heard).toBe('SIGINT')
  })

  it('survives a storm of resizes, down to nothing', async () => {
    const { view, resize, written } = await start()
    for (const entry of makeEntries()) view.entry(entry)
    for (let at = 0; at < 100; at++) resize((at * 37) % 210, (at * 17) % 61)
    resize(120, 30)
    await expect.poll(written).toContain('made on lab  restore')
    await view.close()
  })
})
