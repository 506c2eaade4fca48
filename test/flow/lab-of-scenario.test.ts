import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readRecording } from '../../src/recording/read-recording.ts'
import { podtank, writeScenario } from '../support/podtank.ts'

it('a scenario says how many nodes its lab has, and which network', async () => {
  const file = writeScenario({
    steps: '[{ drain: {} }, { wait: settled }]',
    load: "{ schedule: 'const(20,4s)' }",
    more: 'lab: { nodes: 2, network: loopback }\n',
  })
  const out = join(mkdtempSync(join(tmpdir(), 'podtank-lab-of-')), 'run')
  const program = podtank(['run', file, '-o', 'json', '--out', out])
  // The drain is done only when the other node has taken the pods.
  expect([0, 10, 11]).toContain(await program.ended)
  const recording = await readRecording(out)
  if (!recording.ok) throw new Error(recording.error.message)
  expect(recording.value.meta.environment.labNetwork).toBe('loopback')
  const nodes = recording.value.cluster.flatMap((one) =>
    one.type === 'pod' && one.pod.nodeName !== undefined ? [one.pod.nodeName] : [],
  )
  expect(new Set(nodes)).toEqual(new Set(['lab-node-1', 'lab-node-2']))
})
