import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EndEntry, StepEntry } from '../../src/recording/entry.ts'
import { readRecording } from '../../src/recording/read-recording.ts'
import { allGone, podtank, writeScenario } from '../support/podtank.ts'

async function run(scenario: string, ...flags: string[]) {
  const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')
  const program = podtank(['run', scenario, '--out', out, ...flags], { marker: 'steps' })
  const code = await program.ended
  await allGone('steps')
  const recording = await readRecording(out)
  const told: readonly StepEntry[] = recording.ok ? recording.value.steps : []
  const end: EndEntry | undefined = recording.ok ? recording.value.end : undefined
  return { code, out, told, end, stderr: program.stderr(), stdout: program.stdout() }
}

const texts = (told: readonly StepEntry[]) => told.map(({ label, state }) => `${label} ${state}`)

describe('parallel and repeat on the lab', () => {
  it('change the same workload at the same time, again and again, and everything is put back', async () => {
    const scenario = writeScenario({
      steps: `
  - repeat:
      times: 2
      steps:
        - parallel:
            - scale: { replicas: 2 }
            - patch: { template: { spec: { terminationGracePeriodSeconds: 7 } } }
            - [{ wait: 100ms }, { cordon: }]
        - wait: settled`,
      load: `{ schedule: 'const(20,30s)' }`,
      more: `expect: ['failed <= 600']`,
    })
    const { told, end, stderr } = await run(scenario)
    expect(end, stderr).toMatchObject({ reason: 'finished', notRestored: [] })
    const started = told.filter(({ state }) => state === 'started')
    expect(started.map(({ label }) => label)).toEqual(
      [1, 2].flatMap((round) =>
        ['scale to 2', 'patch', 'wait 100ms', 'cordon', 'wait settled'].map(
          (label) => `${label} (${round} of 2)`,
        ),
      ),
    )
    expect(told.filter(({ state }) => state === 'failed')).toEqual([])
    expect(
      texts(told)
        .filter((text) => text.endsWith(' restored'))
        .toSorted(),
    ).toEqual(['cordon (2 of 2) restored', 'patch (2 of 2) restored'])
  })
})

describe('wait: steady on the lab', () => {
  it('goes on when nothing fails, and fails its step when the load is over first: exit 16', async () => {
    const load = `{ schedule: 'const(20,2s)' }`
    const well = await run(
      writeScenario({ steps: '[{ wait: steady for 500ms within 5s }, { wait: 100ms }]', load }),
    )
    expect(texts(well.told)).toContain('wait steady for 500ms within 5s done')
    expect(well.end).toMatchObject({ reason: 'finished' })
    const early = await run(writeScenario({ steps: '[{ wait: steady for 10s }]', load }))
    expect(early.code).toBe(16)
    expect(early.stdout).toContain('the load ended when no request had failed for')
  })
})

describe('exec on the lab', () => {
  const scenarioWith = (exit: number) => {
    const scenario = writeScenario({
      steps: '[{ exec: [./step.sh, now] }, { wait: 200ms }]',
      load: `{ schedule: 'const(20,2s)' }`,
    })
    const folder = dirname(scenario)
    writeFileSync(
      join(folder, 'step.sh'),
      `#!/bin/sh
echo "$1 in $PODTANK_NAMESPACE on $PODTANK_WORKLOAD"
[ -r "$KUBECONFIG" ] && echo has a kubeconfig
echo "marker \${PODTANK_TEST_MARKER:-none}"
touch ran
exit ${exit}
`,
    )
    chmodSync(join(folder, 'step.sh'), 0o755)
    return { scenario, ran: () => existsSync(join(folder, 'ran')) }
  }

  it('is refused before anything happens, unless it is said to be meant: exit 13', async () => {
    const { scenario, ran } = scenarioWith(0)
    const { code, out, stderr } = await run(scenario)
    expect(code).toBe(13)
    expect(stderr).toContain('the step "exec step.sh now" in line 5 runs a command on this machine')
    expect(stderr).toContain('--allow-exec')
    expect([ran(), existsSync(out)]).toEqual([false, false])
  })

  it('runs the command with its own small environment, and shows what it wrote', async () => {
    const { scenario, ran } = scenarioWith(0)
    const { out, told, end } = await run(scenario, '--allow-exec')
    expect(end).toMatchObject({ reason: 'finished' })
    expect(ran()).toBe(true)
    expect(texts(told)).toContain('exec step.sh now done')
    const report = readFileSync(join(out, 'report.html'), 'utf8')
    expect(report).toContain('now in default on deployment/web')
    expect(report).toContain('has a kubeconfig')
    expect(report).toContain('marker none')
  })

  it('that fails is a failed step, after which no other is taken: exit 16', async () => {
    const { scenario } = scenarioWith(5)
    const { code, told, stdout } = await run(scenario, '--allow-exec')
    expect(code).toBe(16)
    expect(stdout).toContain('exit code 5')
    expect(texts(told)).not.toContain('wait 200ms started')
  })
})
