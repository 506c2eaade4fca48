import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { podNamed } from '../../src/analysis/pod-named.ts'
import type { Entry } from '../../src/recording/entry.ts'
import { buildRecording, podLife } from '../support/build-recording.ts'

const SECOND = 1_000_000

/** The pod of a name with a uid of its own. */
const withUid = (uid: string, entries: readonly Entry[]): Entry[] =>
  entries.map((entry) =>
    entry.kind === 'cluster' && entry.type === 'pod'
      ? { ...entry, pod: { ...entry.pod, uid } }
      : entry,
  )

/** A slice in which these pods are ready, by name and uid. */
const slice = (seconds: number, ...pods: readonly string[]): Entry => ({
  kind: 'cluster',
  type: 'endpoint-slice',
  atUs: seconds * SECOND,
  change: 'changed',
  slice: {
    name: 'db-1',
    service: 'db',
    endpoints: pods.map((podUid) => ({
      address: '10.0.0.1',
      podName: 'db-0',
      podUid,
      ready: true,
      serving: true,
      terminating: false,
    })),
  },
})

/** db-0 is deleted at 2 s and gone at 4 s; another db-0 comes and is ready at 5 s. */
const recording = buildRecording({
  entries: [
    ...withUid('old', podLife({ name: 'db-0', deletedAt: 2, exitedAt: 3, goneAt: 4 })),
    ...withUid('new', podLife({ name: 'db-0', readyAt: 5 })),
    slice(0, 'old'),
    slice(2, ''),
    slice(5.1, 'new'),
  ],
  failures: [
    { outcome: 'reset-before-response', sentAtUs: 2.5 * SECOND, answeredBefore: 'db-0' },
    { outcome: 'bad-status', status: 500, sentAtUs: 7 * SECOND, answeredBy: 'db-0' },
  ],
  frame: (frame) => ({
    ...frame,
    answeredBy:
      frame.atUs < 2 * SECOND || frame.atUs > 6 * SECOND ? { 'db-0': { new: 1, reused: 0 } } : {},
  }),
})

describe('a pod that has the name of the one before it', () => {
  const [first, second] = analyse(recording).pods

  it('has a story of its own', () => {
    expect([first?.uid, second?.uid]).toEqual(['old', 'new'])
    expect([first?.goneUs, second?.goneUs]).toEqual([4 * SECOND, undefined])
  })

  it('leaves the slice by itself', () => {
    expect([first?.outOfSliceUs, second?.outOfSliceUs]).toEqual([2 * SECOND, undefined])
  })

  it('has the answers and the failures of its own time', () => {
    expect([first?.answered, second?.answered]).toEqual([20, 39])
    expect([first?.failedHere, second?.failedHere]).toEqual([1, 1])
  })
})

describe('the pod of a name', () => {
  const pods = [
    { name: 'db-0', firstSeenUs: 10, uid: 'a' },
    { name: 'db-1', firstSeenUs: 11, uid: 'b' },
    { name: 'db-0', firstSeenUs: 90, uid: 'c' },
  ]

  it.each([
    ['db-0', 50, 'a'],
    ['db-0', 90, 'c'],
    // Before anything was seen: it was there all the same.
    ['db-0', 5, 'a'],
    ['db-2', 50, undefined],
  ])('%s at %i is %s', (name, atUs, uid) => {
    expect(podNamed(pods, name, atUs)?.uid).toBe(uid)
  })
})
