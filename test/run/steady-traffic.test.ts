import { describe, expect, it } from 'vitest'
import { FRAME_US } from '../../src/load/load-frame.ts'
import { SteadyTraffic } from '../../src/run/steady-traffic.ts'

const NONE = { outcomes: {}, statuses: {}, responseTime: [], serviceTime: [], bytesIn: 0 }

const frame = (nth: number, failed = 0) => ({
  atUs: nth * FRAME_US,
  ended: { new: NONE, reused: { ...NONE, outcomes: { ok: 1, refused: failed } } },
})

const until = (traffic: SteadyTraffic, frames: number, timeoutFrames = 1_000) => {
  let ended: unknown
  const { signal } = new AbortController()
  void traffic
    .waitFor(frames * FRAME_US, timeoutFrames * FRAME_US, signal)
    .then((result) => (ended = result))
  return async () => {
    await Promise.resolve()
    return ended
  }
}

describe('steady traffic', () => {
  it('is that no request failed for the whole time, counted from the beginning of the wait', async () => {
    const traffic = new SteadyTraffic()
    for (let nth = 0; nth < 50; nth++) traffic.frame(frame(nth))
    const ended = until(traffic, 3)
    traffic.frame(frame(50))
    traffic.frame(frame(51, 1))
    traffic.frame(frame(52))
    traffic.frame(frame(53))
    expect(await ended()).toBeUndefined()
    traffic.frame(frame(54))
    expect(await ended()).toMatchObject({ ok: true })
  })

  it('is given up when requests go on failing', async () => {
    const traffic = new SteadyTraffic()
    const ended = until(traffic, 3, 5)
    for (let nth = 0; nth < 4; nth++) traffic.frame(frame(nth, 1))
    expect(await ended()).toBeUndefined()
    traffic.frame(frame(4, 1))
    expect(await ended()).toMatchObject({ ok: false, error: { code: 'not-steady' } })
  })
})
