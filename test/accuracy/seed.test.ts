import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { labRun, workloadManifest } from '../support/lab-run.ts'

const SCENARIO = `podtank: 1
name: seeded
target: { workload: deployment/web, through: service/web }
load: { schedule: 'const(20,7s)' }
steps: [{ wait: 5s }, { scale: { replicas: 2 } }, { wait: settled }]
manifests: [web.yaml]
`

/** Which pods were deleted, in the order of the lab's decisions. */
async function deleted(seed: number): Promise<string[]> {
  const manifest = workloadManifest({ image: 'podtank.lab/web:sigquit', replicas: 6 })
  const { truthPath } = await labRun({ scenario: SCENARIO, manifest, seed })
  return readFileSync(truthPath, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"delete-requested"'))
    .map((line) => (JSON.parse(line) as { pod: string }).pod)
}

it('the same seed gives the same pods and the same victims in the same order; another seed gives others', async () => {
  const [first, second, other] = await Promise.all([deleted(7), deleted(7), deleted(8)])
  expect(first.length).toBe(4)
  expect(second).toEqual(first)
  expect(other).not.toEqual(first)
})
