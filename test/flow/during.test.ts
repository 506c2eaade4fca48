import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRecording } from '../../src/recording/read-recording.ts'
import type { RunResult } from '../../src/report/result.ts'
import { allGone, podtank, type Program, until, writeScenario } from '../support/podtank.ts'

const folder = mkdtempSync(join(tmpdir(), 'podtank-during-'))
const DEPLOYMENT = '/apis/apps/v1/namespaces/default/deployments/web'

let lab: Program
let kubeconfig = ''
let server = ''

beforeAll(async () => {
  lab = podtank(['lab', 'up'], { marker: 'during-lab' })
  await lab.said('The lab runs at')
  await until(() => lab.stdout().includes('\n'))
  kubeconfig = /KUBECONFIG=(\S+)/.exec(lab.stdout())?.[1] ?? ''
  server = /The lab runs at (\S+)\./.exec(lab.stderr())?.[1] ?? ''
  const written = writeScenario({ steps: '[]', image: 'podtank.lab/web:sigquit' })
  const manifests = readFileSync(join(written, '..', 'web.yaml'), 'utf8').split('---\n')
  for (const [at, path] of [
    '/apis/apps/v1/namespaces/default/deployments',
    '/api/v1/namespaces/default/services',
  ].entries()) {
    const answer = await fetch(`${server}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: manifests[at] ?? '',
    })
    expect(answer.status).toBe(201)
  }
})

afterAll(async () => {
  lab.child.kill('SIGTERM')
  await lab.ended
  await allGone('during-lab')
})

/** A command that changes the Deployment as `kubectl rollout restart` does, then exits with a code. */
const restartAndExit = (code: number): string[] => {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': `${performance.now()}` }
  const body = JSON.stringify({ spec: { template: { metadata: { annotations } } } })
  const init = `{method:'PATCH',headers:{'content-type':'application/strategic-merge-patch+json'},body:process.argv[1]}`
  const script = `fetch('${server}${DEPLOYMENT}',${init}).then(({status})=>{console.log('answered '+status);process.exit(${code})})`
  return [process.execPath, '-e', script, body]
}

const during = (name: string, flags: readonly string[], command: readonly string[]) => {
  const out = join(folder, name)
  const target = ['-w', 'deployment/web', '--through', 'service/web', '--kubeconfig', kubeconfig]
  const times = ['--steady-before', '500ms', '--steady-after', '1s']
  const args = ['during', ...target, ...times, '--out', out, ...flags, '--', ...command]
  return { out, program: podtank(args, { marker: name }) }
}

const resultIn = (out: string) =>
  JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult

describe('podtank during', () => {
  it('loads while a command rolls the Deployment, and ends well when all is steady again', async () => {
    const { out, program } = during('rolled', ['-s', '40'], restartAndExit(0))
    const code = await program.ended
    const { ledger, verdict } = resultIn(out)
    expect(code).toBe(verdict.exitCode)
    expect(ledger.balances).toBe(true)
    expect(ledger.notSent).toEqual({})
    expect(ledger.sent).toBe(ledger.planned)
    expect(ledger.outcomes).not.toHaveProperty('cut-off')
    // Half a second before the command and one after it are the least.
    expect(ledger.sent).toBeGreaterThanOrEqual(60)
    const recording = await readRecording(out)
    if (!recording.ok) throw new Error(recording.error.message)
    const { end, steps, harness } = recording.value
    expect(end).toMatchObject({ reason: 'finished', notRestored: [] })
    expect(steps.map(({ label, state }) => `${label.split(' ')[0]} ${state}`)).toEqual([
      'wait started',
      'wait done',
      'command started',
      'command done',
      'wait started',
      'wait done',
      'wait started',
      'wait done',
    ])
    expect(harness.filter(({ type }) => type === 'command-said')).toMatchObject([
      { message: 'answered 200' },
    ])
  })

  it('still waits for the rollout and steady traffic when the command fails, and exits with 16', async () => {
    const { out, program } = during('failed', ['-u', '3'], restartAndExit(7))
    expect(await program.ended).toBe(16)
    expect(resultIn(out).verdict.sentence).toContain('exit code 7')
    expect(program.stderr()).toContain('step 4/4 wait steady: done')
    expect(resultIn(out).ledger).toMatchObject({ balances: true, notSent: {} })
  })

  it('passes a signal on to the command, whose children end too, and exits with 130', async () => {
    const seen = join(folder, 'seen')
    const ready = join(folder, 'ready')
    const script = `trap 'echo INT > ${seen}; exit 1' INT; touch ${ready}; sleep 60 & wait`
    const { out, program } = during('stopped', ['-s', '20'], ['sh', '-c', script])
    await until(() => existsSync(ready))
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(130)
    expect(readFileSync(seen, 'utf8')).toBe('INT\n')
    await allGone('stopped')
    expect(resultIn(out).ledger.balances).toBe(true)
  })

  it('gives up at its limit', async () => {
    const { out, program } = during('endless', ['--limit', '2s'], ['sleep', '60'])
    expect(await program.ended).toBe(16)
    expect(resultIn(out).verdict.sentence).toContain('not over within')
    await allGone('endless')
  })

  it('says what it lacks, all at once', async () => {
    const program = podtank(['during', '-s', 'often', '--through', 'web', '--', 'true'])
    expect(await program.ended).toBe(2)
    expect(program.stderr()).toContain('add --workload deployment/web')
    expect(program.stderr()).toContain('--through:1:1: must be service/NAME')
    expect(program.stderr()).toContain('--schedule:1:1: expected const(')
  })
})
