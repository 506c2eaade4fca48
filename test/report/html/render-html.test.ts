import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeRecording } from '../../support/make-recording.ts'
import { reportOf } from '../../support/report-of.ts'

const HOSTILE = `"'></script></style><script>alert(1)</script><!--\u001b]52;c;AAAA\u0007\u202e\u2028`

describe('the HTML report', () => {
  it('is the same for the same recording', () => {
    expect(reportOf(makeRecording())).toBe(reportOf(makeRecording()))
  })

  it('stays below 250 kB for a minute and below 1 MB for an hour', () => {
    expect(Buffer.byteLength(reportOf(makeRecording({ seconds: 60 })))).toBeLessThan(250_000)
    expect(Buffer.byteLength(reportOf(makeRecording({ seconds: 3_600 })))).toBeLessThan(1_000_000)
  })

  it('begins with the verdict', () => {
    const text = reportOf(makeRecording())
      .replace(/^[^]*<main>/, '')
      .replace(/<[^>]+>/g, ' ')
    expect(text.trim()).toMatch(/^✗ +FAILED +40 of 1,200 requests failed \(3\.33 %\)/)
  })

  it('allows nothing but its own script and style, by their hashes', () => {
    const html = reportOf(makeRecording())
    const policy = /Content-Security-Policy" content="([^"]+)"/
      .exec(html)?.[1]
      ?.replaceAll('&#39;', "'")
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? ''
    const script = /<script>([^]*?)<\/script>/.exec(html)?.[1] ?? ''
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`,
    )
    expect(html).not.toMatch(/\sstyle="|\son\w+="|\bhttps?:\/\/(?!127\.0\.0\.1|www\.w3\.org)/)
  })

  it('has the same elements whatever the strings of the recording are', () => {
    const shape = (hostile: string) =>
      reportOf(makeRecording({ hostile }))
        .replace(/<script>[^]*?<\/script>|<style>[^]*?<\/style>/g, '')
        .match(/<\/?[a-z][a-z0-9]*/g)
        ?.join('')
    // The names of failed requests differ in length, so steps may lose their name for want of room.
    const withoutTexts = (hostile: string) => shape(hostile)?.replace(/<text<\/text/g, '')
    expect(withoutTexts(HOSTILE)).toBe(withoutTexts('x'.repeat(HOSTILE.length)))
  })

  it('carries its data in a form that cannot end the script element', () => {
    const html = reportOf(makeRecording({ hostile: HOSTILE }))
    const json =
      /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(html)?.[1] ?? ''
    expect(json).not.toMatch(/[<>&\u2028\u2029]/)
    const data = JSON.parse(json) as { timeline: { pods: { name: string }[] } }
    expect(data.timeline.pods[0]?.name).toBe(
      `web-5d9c7b4f6d-pod0"'></script></style><script>alert(1)</script><!--\\u001b]52;c;AAAA\\u0007\\u202e\\u2028`,
    )
  })
})
