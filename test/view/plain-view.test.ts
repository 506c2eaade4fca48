import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/recording/entry.ts'
import { entryAtUs } from '../../src/recording/recording.ts'
import { startPlainView } from '../../src/view/plain-view.ts'
import { makeEntries } from '../support/make-recording.ts'

async function linesOf(entries: readonly Entry[]): Promise<string[]> {
  const lines: string[] = []
  const view = startPlainView((line) => lines.push(line))
  for (const entry of entries) view.entry(entry)
  await view.close()
  return lines
}

describe('plain lines', () => {
  it('tell a run: a line a second, and one for each thing that happens', async () => {
    const lines = await linesOf(makeEntries())
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('plain-lines.txt')
  })

  it('have rising times, whatever order the entries came in', async () => {
    const times = (await linesOf(makeEntries())).map((line) => Number(line.slice(0, 6)))
    expect(times).toEqual(times.toSorted((left, right) => left - right))
  })

  it('hold neither escapes nor commands of a build server', async () => {
    const lines = await linesOf(
      makeEntries({ hostile: '\u001b[2J\n::error::x ##[error]x ##vso[task.x]y' }),
    )
    // eslint-disable-next-line no-control-regex
    expect(lines.filter((line) => /[\u0000-\u001f]|##\w*\[|^\s*::/.test(line))).toEqual([])
    expect(lines.some((line) => line.includes('# #[error]x'))).toBe(true)
  })

  it('show the last second when the load ends in the middle of it', async () => {
    const entries = makeEntries().filter((entry) => entryAtUs(entry) < 2_500_000)
    const last = (await linesOf(entries)).at(-1)
    expect(last).toMatch(/^ {3}2\.4 s {2}steady/)
  })
})
