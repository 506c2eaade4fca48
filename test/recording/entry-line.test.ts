import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/recording/entry.ts'
import { entryLine, entryOfLine } from '../../src/recording/entry-line.ts'
import { makeEntries } from '../support/make-recording.ts'

const frame = makeEntries().find((entry) => entry.kind === 'frame')
if (frame?.kind !== 'frame') throw new Error('no frame')

const whole: Entry = {
  ...frame,
  sendLag: [5, 3, 6, 40],
  poolWait: [1, 2],
  byTag: { sendLag: { ...frame.ended.new, responseTime: [7, 8, 90, 1] } },
}

describe('an entry’s line', () => {
  it('is read back as it was, histograms of tags included', () => {
    for (const entry of [...makeEntries(), whole]) {
      expect(entryOfLine(entryLine(entry))).toEqual(entry)
    }
  })

  it('has histograms as text, which is a third as long', () => {
    expect(entryLine(whole)).toContain('"sendLag":"FDBoB"')
    const many = Array.from({ length: 500 }, (_, at) => [300 + at * 2, 1 + (at % 30)]).flat()
    const times = { ...frame, sendLag: many }
    const list = JSON.stringify(many)
    const shorter = JSON.stringify(times).length - entryLine(times).length
    expect((list.length - shorter) / list.length).toBeLessThan(0.34)
  })

  it('of format 1, with lists, is read too', () => {
    expect(entryOfLine(JSON.stringify(whole))).toEqual(whole)
  })

  it.each(['', '{', '3', '[]', '{"a":1}', '{"kind":"frame","sendLag":"!"}'])(
    '%j is none',
    (line) => {
      expect(entryOfLine(line)).toBeUndefined()
    },
  )
})
