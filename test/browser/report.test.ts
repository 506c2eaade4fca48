import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRecording, makeWatchRecording } from '../support/make-recording.ts'
import { reportOf, watchReportOf } from '../support/report-of.ts'
import { launchChromium, openReport } from './open-report.ts'

const HOSTILE = `"'></script></style><script>alert(1)</script><img src=http://127.0.0.1:9/x onerror=alert(2)><!--\u001b]52;c;AAAA\u0007\u202e\u2028`

let browser: Browser
let html: string

beforeAll(async () => {
  browser = await launchChromium()
  html = reportOf(makeRecording())
})

afterAll(() => browser.close())

describe('the report of a watch in a browser', () => {
  it('has the lanes of the pods and when what happened to each, and zooms by keys', async () => {
    const watched = watchReportOf(makeWatchRecording())
    const { page, trouble } = await openReport(browser, watched)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('WATCHED')
    expect(await page.locator('.plot').count()).toBe(1)
    expect(await page.locator('#plot-lanes .pod').count()).toBe(10)
    expect(await page.locator('.step, .send-lag, .failed').count()).toBe(0)
    const lives = page.getByRole('region', { name: 'Began and ended, in seconds' })
    expect(await lives.locator('tbody tr').count()).toBe(9)
    await page.locator('#axis').press('+')
    expect(new URL(page.url()).hash).toBe('#t=3.5-10.5')
    await page.getByRole('button', { name: 'Whole run' }).click()
    expect(new URL(page.url()).hash).toBe('')
    expect(trouble).toEqual([])
  })

  it('is not moved by hostile strings from the cluster', async () => {
    const watched = watchReportOf(makeWatchRecording({ hostile: HOSTILE }))
    const { page, trouble } = await openReport(browser, watched)
    expect(await page.locator('script').count()).toBe(2)
    expect(await page.locator('img').count()).toBe(0)
    // eslint-disable-next-line no-control-regex
    expect(await page.locator('body').textContent()).not.toMatch(/[\u0007\u001b\u202e\u2028]/)
    expect(trouble).toEqual([])
  })
})

describe('the report in a browser', () => {
  it('opens a window on click, with its pods and what happened around it, and zooms to it', async () => {
    const { page, trouble } = await openReport(browser, html)
    const card = page.locator('#window-1')
    expect(await card.getByRole('table').first().isVisible()).toBe(false)
    await card.locator('summary').click()
    const pods = card.getByRole('region', { name: 'Pods of window 1' })
    expect(await pods.locator('tbody tr').count()).toBe(9)
    expect(await pods.getByText('web-5d9c7b4f6d-pod9').isVisible()).toBe(true)
    expect(await card.getByText('step scale to 1: done (10 → 1 replicas)').isVisible()).toBe(true)
    expect(new URL(page.url()).hash).toBe('#t=3-5.39&window=1')
    expect(await page.locator('#plot-lanes .pod.blamed').count()).toBe(9)
    expect(trouble).toEqual([])
  })

  it('chooses the window that is clicked in a chart', async () => {
    const { page, trouble } = await openReport(browser, html)
    const plot = page.locator('#plot-failures .u-over')
    const box = await plot.boundingBox()
    const share = 4_200_000 / 14_000_000
    await plot.click({ position: { x: (box?.width ?? 0) * share, y: 40 } })
    expect(await page.locator('#window-1').getAttribute('open')).toBe('')
    expect(trouble).toEqual([])
  })

  it('zooms by dragging, keeps the zoom in the fragment, and goes back to the whole run', async () => {
    const { page, url, trouble } = await openReport(browser, html)
    const box = await page.locator('#plot-rate .u-over').boundingBox()
    const { x = 0, y = 0, width = 0 } = box ?? {}
    await page.mouse.move(x + width * 0.25, y + 40)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.5, y + 40, { steps: 5 })
    await page.mouse.up()
    const [, from, to] = /#t=([\d.]+)-([\d.]+)$/.exec(page.url()) ?? []
    expect(Number(from)).toBeCloseTo(3.5, 1)
    expect(Number(to)).toBeCloseTo(7, 1)
    await page.getByRole('button', { name: 'Whole run' }).click()
    expect(page.url()).toBe(url)
    expect(trouble).toEqual([])
  })

  it('opens at the zoom and the window that a link names', async () => {
    const { page, trouble } = await openReport(browser, html, {}, '#t=3-5.39&window=1')
    expect(await page.locator('#window-1').getAttribute('open')).toBe('')
    expect(await page.locator('#plot-lanes .tick').first().textContent()).toBe('3.0 s')
    expect(trouble).toEqual([])
  })

  it('shows the figures under the pointer and by the arrow keys', async () => {
    const { page, trouble } = await openReport(browser, html)
    const box = await page.locator('#plot-rate .u-over').boundingBox()
    await page.mouse.move((box?.x ?? 0) + ((box?.width ?? 0) * 4.05) / 14, (box?.y ?? 0) + 30)
    const readout = page.locator('#readout')
    expect(await readout.textContent()).toBe(
      '4.0 s  ·  planned 100/s, sent 100/s, ok 0/s  ·  reset-before-response × 10  ·  p50 –, p99 –, longest –',
    )
    await page.mouse.move(2, 2)
    await page.locator('#axis').press('ArrowRight')
    expect(await readout.textContent()).toMatch(/^4\.1 s {2}· .*bad-status 502 × 10/)
    await page.locator('#axis').press('+')
    expect(await page.getByRole('button', { name: 'Whole run' }).isVisible()).toBe(true)
    expect(trouble).toEqual([])
  })

  it('is read without JavaScript: verdict, ledger, drawings, tables', async () => {
    const { page, trouble } = await openReport(browser, html, { javaScriptEnabled: false })
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('FAILED')
    expect(await page.locator('.equation').last().textContent()).toContain('1,160ok')
    expect(await page.locator('#plot-rate svg').isVisible()).toBe(true)
    expect(await page.locator('#plot-lanes svg .pod').count()).toBe(10)
    expect(await page.getByRole('button', { name: 'Dark' }).isVisible()).toBe(false)
    await page.getByText('Rate, failures, response times and the generator').click()
    expect(await page.getByRole('columnheader', { name: 'closed-in-body' }).isVisible()).toBe(true)
    expect(trouble).toEqual([])
  })

  it('is not moved by hostile strings from the cluster, the network or the scenario', async () => {
    const made = makeRecording({ hostile: HOSTILE })
    const { page, trouble } = await openReport(browser, reportOf(made))
    await page.locator('#window-1 summary').click()
    const shape = (selector: string) => page.locator(selector).count()
    expect(await shape('script')).toBe(2)
    expect(await shape('style')).toBe(1)
    expect(await shape('img')).toBe(0)
    // eslint-disable-next-line no-control-regex
    expect(await page.locator('body').textContent()).not.toMatch(/[\u0007\u001b\u202e\u2028]/)
    expect(trouble).toEqual([])
  })

  it('copies the fix, or selects it where the clipboard is refused', async () => {
    const { page, trouble } = await openReport(browser, html)
    const button = page.locator('.cause .copy').first()
    await button.click()
    await expect.poll(() => button.textContent()).toMatch(/^(✓ Copied|Selected: press Ctrl\+C)$/)
    expect(trouble).toEqual([])
  })

  it.each([
    ['light', 'rgb(246, 247, 248)', '☾ Dark', 'rgb(20, 23, 27)'],
    ['dark', 'rgb(20, 23, 27)', '☀ Light', 'rgb(246, 247, 248)'],
  ] as const)(
    'follows a %s system, and the button turns it round',
    async (colorScheme, ground, label, turned) => {
      const { page, trouble } = await openReport(browser, html, { colorScheme })
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      expect(await background()).toBe(ground)
      await page.getByRole('button', { name: label }).click()
      expect(await background()).toBe(turned)
      expect(trouble).toEqual([])
    },
  )

  it.each([400, 960, 1400])(
    'fits a window %i px wide without scrolling sideways',
    async (width) => {
      const { page, trouble } = await openReport(browser, html, {
        viewport: { width, height: 900 },
      })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      expect(trouble).toEqual([])
    },
  )
})
