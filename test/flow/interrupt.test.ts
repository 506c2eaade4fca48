import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/report/result.ts'
import { readRecording } from '../../src/recording/read-recording.ts'
import {
  allGone,
  podtank,
  processesWith,
  type Program,
  start,
  until,
  writeScenario,
} from '../support/podtank.ts'
import { BIN } from '../support/podtank.ts'

const LONG = {
  steps: '[{ wait: 1s }, { scale: { replicas: 1 } }, { wait: 60s }]',
  load: `{ schedule: 'const(20,60s)' }`,
}

const newOut = () => join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')

/** A lab that outlives the runs, so that what they leave can be seen. */
let lab: Program
let kubeconfig = ''
let server = ''

beforeAll(async () => {
  lab = podtank(['lab', 'up'], { marker: 'standing-lab' })
  await lab.said('The lab runs at')
  await until(() => lab.stdout().includes('KUBECONFIG='))
  kubeconfig = /KUBECONFIG=(\S+)/.exec(lab.stdout())?.[1] ?? ''
  server = /The lab runs at (\S+)\./.exec(lab.stderr())?.[1] ?? ''
  const manifests = readFileSync(
    join(writeScenario({ steps: '[]' }), '..', 'web.yaml'),
    'utf8',
  ).split('---\n')
  const send = async (path: string, body: string) => {
    const answer = await fetch(`${server}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body,
    })
    expect(answer.status).toBe(201)
  }
  await send('/apis/apps/v1/namespaces/default/deployments', manifests[0] ?? '')
  await send('/api/v1/namespaces/default/services', manifests[1] ?? '')
})

afterAll(async () => {
  lab.child.kill('SIGTERM')
  expect(await lab.ended).toBe(0)
  await allGone('standing-lab')
})

const replicas = async (): Promise<number> => {
  const answer = await fetch(`${server}/apis/apps/v1/namespaces/default/deployments/web`)
  return ((await answer.json()) as { spec: { replicas: number } }).spec.replicas
}

const run = (args: readonly string[] = []) =>
  podtank(['run', writeScenario(LONG), '--kubeconfig', kubeconfig, ...args])

const changed = 'scale to 1: done'

describe('a run that is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 130],
  ] as const)(
    'by %s during the disruption puts everything back and exits with %i',
    async (signal, code) => {
      const out = newOut()
      const program = run(['--out', out])
      await program.said(changed)
      expect(await replicas()).toBe(1)
      program.child.kill(signal)
      expect(await program.ended).toBe(code)
      expect(await replicas()).toBe(3)
      const recording = await readRecording(out)
      expect(recording.ok && recording.value.end).toMatchObject({
        reason: 'interrupted',
        signal,
        notRestored: [],
      })
      expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toMatchObject({
        verdict: { outcome: 'aborted', exitCode: code },
      })
    },
  )

  it.each([2, 3, 4, 5, 6])(
    'while the lab starts, with %i processes so far, ends at once, and the lab with it',
    async (count) => {
      const marker = `starting-${count}`
      const [signal, code] =
        count % 2 === 0 ? (['SIGINT', 130] as const) : (['SIGTERM', 143] as const)
      const program = podtank(['run', writeScenario(LONG)], { marker })
      await until(() => processesWith(marker).length >= count)
      program.child.kill(signal)
      expect(await program.ended).toBe(code)
      await allGone(marker)
    },
  )

  it('before anything was changed has nothing to put back', async () => {
    const program = run()
    await program.said('steady')
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(130)
    expect(await replicas()).toBe(3)
  })

  it('twice leaves without waiting for the pods, with the values put back', async () => {
    const program = run()
    await program.said(changed)
    program.child.kill('SIGINT')
    await program.said('restor')
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(130)
    expect(await replicas()).toBe(3)
  })

  it('by a closed pipe goes on to its end, and exits as its verdict says', async () => {
    const out = newOut()
    const path = writeScenario({
      steps: '[{ wait: 1s }, { scale: { replicas: 1 } }, { wait: settled }]',
    })
    const script = `${process.execPath} ${BIN} run ${path} --kubeconfig ${kubeconfig} --out ${out} 2>&1 | head -1; exit \${PIPESTATUS[0]}`
    const program = start('bash', ['-c', script])
    const code = await program.ended
    expect(program.stdout().trim().split('\n').length).toBe(1)
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult
    expect(code).toBe(result.verdict.exitCode)
    expect(result.ledger).toMatchObject({ planned: 60, sent: 60, balances: true })
    expect(result.notRestored).toEqual([])
    expect(await replicas()).toBe(3)
  })
})

describe('a run that is killed', () => {
  it('leaves no process, and a recording that report can read and calls cut short', async () => {
    const out = newOut()
    const program = podtank(['run', writeScenario(LONG), '--out', out], { marker: 'killed-run' })
    await program.said(changed)
    program.child.kill('SIGKILL')
    expect(await program.ended).toBe('SIGKILL')
    await allGone('killed-run')
    const report = podtank(['report', out, '-o', 'json'])
    expect(await report.ended).toBe(11)
    expect(report.stderr()).toContain('the run was cut short')
    expect(JSON.parse(report.stdout())).toMatchObject({
      verdict: { outcome: 'inconclusive' },
      validity: expect.arrayContaining([
        expect.objectContaining({ name: 'recording', observed: 'cut short' }),
      ]) as unknown,
    })
  })

  it.each(['waiting for deployment/web', 'waiting for an answer', 'steady'])(
    'leaves no process when killed at "%s"',
    async (moment) => {
      const program = podtank(['run', writeScenario(LONG)], { marker: `killed-${moment.length}` })
      await program.said(moment)
      program.child.kill('SIGKILL')
      await program.ended
      await allGone(`killed-${moment.length}`)
    },
  )
})
