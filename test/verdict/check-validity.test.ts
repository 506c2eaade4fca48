import { describe, expect, it } from 'vitest'
import { bucketIndex } from '../../src/base/histogram.ts'
import type { Entry, FrameEntry, HostEntry } from '../../src/recording/entry.ts'
import type { Recording } from '../../src/recording/recording.ts'
import type { LoadSpec } from '../../src/scenario/scenario.ts'
import { checkValidity } from '../../src/verdict/check-validity.ts'
import { keepLedger } from '../../src/verdict/keep-ledger.ts'
import { buildRecording, type RecordingSpec } from '../support/build-recording.ts'

const MS = 1_000
const everyFrame =
  (change: Partial<FrameEntry>) =>
  (frame: FrameEntry): FrameEntry => ({ ...frame, ...change })
const host = (health: Partial<HostEntry>): Entry => ({ kind: 'host', atUs: 1, ...health })
const withLoad = (recording: Recording, load: Partial<LoadSpec>): Recording => {
  const { plan } = recording
  const { scenario } = plan
  return {
    ...recording,
    plan: { ...plan, scenario: { ...scenario, load: { ...scenario.load, ...load } } },
  }
}
const USERS = { users: [{ fromUsers: 1, toUsers: 1, durationUs: 10_000_000 }], schedule: [] }

/** The state of each signal of a run, by name. */
function states(spec: RecordingSpec, load: Partial<LoadSpec> = {}) {
  const recording = withLoad(buildRecording(spec), load)
  const checks = checkValidity(recording, keepLedger(recording), [])
  return Object.fromEntries(checks.map(({ name, state }) => [name, state]))
}

describe('a signal', () => {
  // Runs of 100 frames with one request each, answered in 100 ms.
  it.each<[string, string, RecordingSpec]>([
    ['send lag p99', 'good', { frame: everyFrame({ sendLag: [bucketIndex(4.9 * MS), 1] }) }],
    ['send lag p99', 'warn', { frame: everyFrame({ sendLag: [bucketIndex(5.1 * MS), 1] }) }],
    ['send lag p99', 'warn', { frame: everyFrame({ sendLag: [bucketIndex(19.9 * MS), 1] }) }],
    ['send lag p99', 'refuse', { frame: everyFrame({ sendLag: [bucketIndex(20.1 * MS), 1] }) }],
    ['late sends', 'warn', { frame: (frame) => ({ ...frame, late: frame.atUs === 0 ? 1 : 0 }) }],
    ['late sends', 'refuse', { frame: (frame) => ({ ...frame, late: frame.atUs < 2e5 ? 1 : 0 }) }],
    ['event-loop delay p99', 'good', { frame: everyFrame({ loopDelayUs: 10 * MS }) }],
    ['event-loop delay p99', 'warn', { frame: everyFrame({ loopDelayUs: 12 * MS }) }],
    ['event-loop delay p99', 'refuse', { frame: everyFrame({ loopDelayUs: 52 * MS }) }],
    ['file descriptors', 'good', { entries: [host({ fds: 60, fdLimit: 100 })] }],
    ['file descriptors', 'warn', { entries: [host({ fds: 61, fdLimit: 100 })] }],
    ['file descriptors', 'refuse', { entries: [host({ fds: 100, fdLimit: 100 })] }],
    ['ports to the target', 'warn', { entries: [host({ ports: 61, portRange: 100 })] }],
    ['ports to the target', 'refuse', { entries: [host({ ports: 91, portRange: 100 })] }],
    ["Little's law", 'good', { frame: everyFrame({ inFlightUs: 100 * MS }) }],
    ["Little's law", 'warn', { frame: everyFrame({ inFlightUs: 94 * MS }) }],
    ["Little's law", 'refuse', { frame: everyFrame({ inFlightUs: 121 * MS }) }],
  ])('%s is %s', (name, state, spec) => {
    expect(states(spec)[name]).toBe(state)
  })

  it('of lag warns from a tenth of the response time on, but not of the timer’s own', () => {
    const answeredIn = (us: number, lagUs: number) => (frame: FrameEntry) => ({
      ...frame,
      sendLag: [bucketIndex(lagUs), 1],
      ended: {
        ...frame.ended,
        new: { ...frame.ended.new, responseTime: [bucketIndex(us), 1] },
      },
    })
    expect(states({ frame: answeredIn(20 * MS, 2.1 * MS) })['send lag p99']).toBe('warn')
    expect(states({ frame: answeredIn(22 * MS, 2.1 * MS) })['send lag p99']).toBe('good')
    expect(states({ frame: answeredIn(2 * MS, 1.9 * MS) })['send lag p99']).toBe('good')
  })

  it('of waiting for a connection counts those that did not wait, and refuses beyond half the response time', () => {
    const waitOf = (us: number, inFrames: number): RecordingSpec => ({
      frame: (frame) => ({
        ...frame,
        ...(frame.atUs < inFrames * 100 * MS && { poolWait: [bucketIndex(us), 1] }),
      }),
    })
    expect(states({})['pool wait p99']).toBe('good')
    expect(states(waitOf(90 * MS, 1))['pool wait p99']).toBe('good')
    expect(states(waitOf(40 * MS, 2))['pool wait p99']).toBe('warn')
    expect(states(waitOf(51 * MS, 2))['pool wait p99']).toBe('refuse')
  })

  it('of delay is what events waited: one absence counts by its length', () => {
    const once = (us: number): RecordingSpec => ({
      frame: (frame) => ({ ...frame, loopDelayUs: frame.atUs === 0 ? us : 0 }),
    })
    // Ten seconds: 1 % of them is 100 ms.
    expect(states(once(109 * MS))['event-loop delay p99']).toBe('good')
    expect(states(once(111 * MS))['event-loop delay p99']).toBe('warn')
    expect(states(once(151 * MS))['event-loop delay p99']).toBe('refuse')
  })

  it('of a frame that is missing warns; more than one in a hundred refuses', () => {
    const without = (...missing: number[]) => {
      const recording = buildRecording()
      const frames = recording.frames.filter((_, at) => !missing.includes(at))
      const checks = checkValidity({ ...recording, frames }, keepLedger(recording), [])
      return checks.find(({ name }) => name === 'frames missing')?.state
    }
    expect(without()).toBe('good')
    expect(without(50)).toBe('warn')
    expect(without(50, 60)).toBe('refuse')
  })

  it('of one bad thread among four is not thinned by the others', () => {
    const recording = buildRecording()
    const frames = recording.frames.flatMap((frame) =>
      [0, 1, 2, 3].map((thread) => ({
        ...frame,
        thread,
        loopDelayUs: thread === 3 && frame.atUs < 12e5 ? 60 * MS : 0,
      })),
    )
    const checks = checkValidity({ ...recording, frames }, keepLedger(recording), [])
    expect(checks.find(({ name }) => name === 'event-loop delay p99')?.state).toBe('refuse')
  })
})

describe('a reason for lateness', () => {
  const reasons: [string, RecordingSpec][] = [
    ['event-loop utilisation', { frame: everyFrame({ busyUs: 91 * MS }) }],
    ['GC share', { frame: everyFrame({ gcUs: 6 * MS }) }],
    ['host steal', { entries: [host({ stealShare: 0.26 })] }],
    ['CPU pressure', { entries: [host({ cpuPressure: 0.26 })] }],
  ]

  it.each(reasons)('%s only warns while the generator is on time', (name, spec) => {
    expect(states(spec)[name]).toBe('warn')
    const aBitLate = (frame: FrameEntry) => ({
      ...(spec.frame?.(frame) ?? frame),
      sendLag: [bucketIndex(19 * MS), 1],
    })
    expect(states({ ...spec, frame: aBitLate })[name]).toBe('warn')
  })

  it.each(reasons)('%s refuses beside lateness that does, and so tells why', (name, spec) => {
    const late = (frame: FrameEntry) => ({
      ...(spec.frame?.(frame) ?? frame),
      sendLag: [bucketIndex(21 * MS), 1],
    })
    expect(states({ ...spec, frame: late })[name]).toBe('refuse')
  })

  it('is not looked for where a thread spins', () => {
    const spec = { frame: everyFrame({ busyUs: 100 * MS }) }
    expect(states(spec, { pace: 'spin' })).not.toHaveProperty('event-loop utilisation')
  })
})

describe('the closed loop', () => {
  it('knows no send lag, no late sends and no waiting for a connection', () => {
    const bad = everyFrame({ sendLag: [bucketIndex(99 * MS), 1], late: 1, poolWait: [9_000, 1] })
    expect(Object.values(states({ frame: bad }, USERS))).not.toContain('refuse')
  })

  it('is refused when for a hundredth of the time an answer would have waited 10 ms', () => {
    const awayOnce = (us: number): RecordingSpec => ({
      frame: (frame) => ({ ...frame, loopDelayUs: frame.atUs === 0 ? us : 0 }),
    })
    expect(states(awayOnce(109 * MS), USERS)['event loop away']).toBe('warn')
    expect(states(awayOnce(111 * MS), USERS)['event loop away']).toBe('refuse')
    expect(states(awayOnce(19 * MS), USERS)['event loop away']).toBe('good')
  })
})

it('what was not measured is not in the list', () => {
  const names = Object.keys(states({}))
  for (const name of [
    'host steal',
    'CPU pressure',
    'GC share',
    "Little's law",
    'file descriptors',
  ]) {
    expect(names).not.toContain(name)
  }
})
