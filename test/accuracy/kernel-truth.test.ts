import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findNamespaces } from '../../src/lab/network/kernel/find-namespaces.ts'
import { readRecording } from '../../src/recording/read-recording.ts'
import { podtank } from '../support/podtank.ts'
import { CASES } from './cases.ts'
import { readTruth } from './truth.ts'

const found = await findNamespaces()
const isKernel = typeof found !== 'string' && found.network === 'kernel'

/** Refusals, resets, ends with an open request, kills, addresses that are gone, errors of pods: all through a Service. */
const NAMES = ['sigterm-service', 'sigquit-service', 'sigterm-restart', 'slow', 'slow-start']

interface Cut {
  readonly type: string
  readonly atUs: number
  readonly how: string
  readonly clientPort: number
  readonly requestOpen?: boolean
  readonly pod: string
}

/** Runs a case by the program itself, which makes the kernel's network; gives its failures beside the lab's truth. */
async function failuresOf(name: string) {
  const one = CASES.find((candidate) => candidate.name === name)
  if (!one) throw new Error(`no case ${name}`)
  const cwd = mkdtempSync(join(tmpdir(), 'podtank-truth-'))
  writeFileSync(join(cwd, 'web.yaml'), one.manifest)
  writeFileSync(join(cwd, 'case.yaml'), one.scenario)
  await podtank(['run', 'case.yaml', '--lab-network', 'kernel', '--out', 'out'], { cwd }).ended
  const recording = await readRecording(join(cwd, 'out'))
  if (!recording.ok) throw new Error(recording.error.message)
  const { meta, failures } = recording.value
  expect(meta.environment.labNetwork).toBe('kernel')
  const truthPath = join(cwd, 'out', 'lab', 'truth.ndjson')
  // An answer names its pod itself; packets do not tell one from another.
  const { mishapOf } = readTruth(recording.value, truthPath)
  const cuts = readFileSync(truthPath, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Cut)
    .filter(({ type, atUs }) => type === 'cut' && atUs > meta.startedAtMonotonicUs)
    .map((cut) => ({ ...cut, atUs: cut.atUs - meta.startedAtMonotonicUs }))
  const real = failures.filter(({ outcome }) => outcome !== 'cut-off')
  const missing = real
    .filter((one) => one.answeredBy === undefined && !mishapOf.has(one))
    .map((failure) => ({
      failure,
      ofItsPort: cuts.filter(({ clientPort }) => clientPort === failure.localPort),
    }))
  return { real, missing, cuts }
}

it.skipIf(!isKernel)(
  `the truth of the kernel's network holds every failure that the client saw${isKernel ? '' : ' (skipped: no such network here)'}`,
  async () => {
    const seen = new Set<string>()
    let count = 0
    for (const name of NAMES) {
      const { real, missing, cuts } = await failuresOf(name)
      expect(missing, name).toEqual([])
      for (const { how, requestOpen, pod } of cuts) {
        if (requestOpen !== true) continue
        seen.add(how)
        if (how !== 'no-endpoints') expect(pod, how).toMatch(/^web-/)
      }
      count += real.length
    }
    console.log(`${count} failures over the kernel's network, all of them in the truth`)
    expect(count).toBeGreaterThanOrEqual(100)
    expect([...seen]).toEqual(expect.arrayContaining(['refused', 'reset', 'fin', 'unanswered']))
  },
  300_000,
)
