import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import { entryOfLine } from '../../src/recording/entry-line.ts'
import { collectRecording } from '../../src/recording/recording.ts'

/**
 * A run of the lab on its kernel network, seed 3: 6 pods that end at SIGTERM, scaled to 5 and then to 1 behind an Ingress
 * under const(30,12s), with a client that waits for 3 s. The ingress forgot the pods 6 s later; by the lab's truth each of
 * the 25 time-outs was spent at the address of a pod that was gone, or at several.
 */
const recording = (() => {
  const path = join(import.meta.dirname, 'recordings', 'silent-pods.ndjson.gz')
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n')
  const read = collectRecording(lines.flatMap((line) => entryOfLine(line) ?? []))
  if (!read) throw new Error('the recording is not whole')
  return read
})()

it('time-outs at pods that are gone are no lack of pods, when the others answer as ever', () => {
  const { causes, causeOf } = analyse(recording)
  expect(causes.map(({ cause, failed }) => [cause, failed])).toEqual([
    ['EXIT_BEFORE_DEREGISTER', 29],
    ['INFLIGHT_CUT_AT_TERM', 6],
  ])
  const late = recording.failures.filter(({ outcome }) => outcome === 'response-timeout')
  expect(late.length).toBe(25)
  expect(new Set(late.map(({ seq }) => causeOf.get(seq)?.cause))).toEqual(
    new Set(['EXIT_BEFORE_DEREGISTER']),
  )
})

it('the same time-outs are a lack of pods when all the others became slow too', () => {
  const slow = recording.frames.map((frame) => ({
    ...frame,
    ended: {
      new: {
        ...frame.ended.new,
        serviceTime: frame.atUs < 4_000_000 ? frame.ended.new.serviceTime : [],
      },
      reused: {
        ...frame.ended.reused,
        serviceTime: frame.atUs < 4_000_000 ? frame.ended.reused.serviceTime : [],
      },
    },
  }))
  const { causes } = analyse({ ...recording, frames: slow })
  expect(causes.find(({ cause }) => cause === 'CAPACITY_DROP')?.failed).toBe(25)
})

it('the same time-outs are told when the first pod is deleted within the first second of load', () => {
  // 0.2 s before the deletion.
  const frames = recording.frames.filter(({ atUs }) => atUs >= 4_000_000)
  const { causes } = analyse({ ...recording, frames })
  expect(causes[0]).toMatchObject({ cause: 'EXIT_BEFORE_DEREGISTER', failed: 29 })
})
