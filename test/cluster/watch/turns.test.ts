import { Readable } from 'node:stream'
import { afterEach, expect, it } from 'vitest'
import { monotonicUs } from '../../../src/base/clock.ts'
import { random } from '../../../src/base/random.ts'
import { apiClient } from '../../../src/cluster/api-client.ts'
import { podFacts, type RawPod } from '../../../src/cluster/watch/pod-facts.ts'
import { readLines } from '../../../src/cluster/watch/read-lines.ts'
import { reflect } from '../../../src/cluster/watch/reflect.ts'
import type { PodFacts } from '../../../src/cluster/cluster-change.ts'
import { scriptedApi, type ScriptedApi } from '../../support/scripted-api.ts'
import { list, object, stay } from '../../support/watch-answers.ts'

let api: ScriptedApi | undefined
let watching = new AbortController()

afterEach(async () => {
  watching.abort()
  await api?.close()
})

/** Counts what is done between two turns of the event loop; gives the most there was. */
function perTurn() {
  let [now, most] = [0, 0]
  let turn = setImmediate(function next() {
    now = 0
    turn = setImmediate(next)
  })
  return {
    count: (amount: number) => (most = Math.max(most, (now += amount))),
    stop() {
      clearImmediate(turn)
      return most
    },
  }
}

it('leaves the rest of the program its turns in a burst of 7 MB of a watch', async () => {
  const line = `${'x'.repeat(3_600)}\n`
  const chunk = Buffer.from(line.repeat(16))
  let chunks = 128
  // A socket that always has more, as it is when a watch catches up.
  const burst = new Readable({
    read() {
      this.push(chunks-- > 0 ? chunk : null)
    },
  })
  const turns = perTurn()
  let lines = 0
  const end = await readLines(burst, (text) => {
    lines++
    turns.count(text.length + 1)
  })
  expect(turns.stop()).toBeLessThanOrEqual(3 * chunk.length)
  expect(lines).toBe(128 * 16)
  expect(end).toBe('eof')
})

it('takes and tells 5,000 listed pods in small parts, and keeps what they have in common once', async () => {
  watching = new AbortController()
  const pods = Array.from({ length: 5_000 }, (_, index) => pod(index))
  api = await scriptedApi([list('10000', ...pods), stay])
  const [taken, told] = [perTurn(), perTurn()]
  const seen: PodFacts[] = []
  const first = await reflect({
    client: apiClient(api.url, () => Promise.resolve()),
    path: '/api/v1/pods',
    project(raw: RawPod) {
      taken.count(1)
      return podFacts(raw)
    },
    nowUs: monotonicUs,
    random: random(1),
    signal: watching.signal,
    onChange(_, facts) {
      told.count(1)
      seen.push(facts)
    },
    onGap: () => undefined,
  })
  expect(first.ok).toBe(true)
  expect(taken.stop()).toBe(100)
  expect(told.stop()).toBe(200)
  expect(seen.map(({ name }) => name)).toEqual(pods.map(({ metadata }) => metadata.name))
  expect(new Set(seen.map(({ conditions }) => conditions)).size).toBe(1)
  expect(new Set(seen.map(({ containers }) => containers)).size).toBe(1)
})

function pod(index: number): RawPod {
  return {
    ...object(`web-${index}`, String(index + 1)),
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
    status: {
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:05Z' }],
    },
  }
}
