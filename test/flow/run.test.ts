import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { jsonSchemaOf } from '../../src/cli/json-schema.ts'
import type { RunResult } from '../../src/report/result.ts'
import { allGone, podtank, type Program, writeScenario } from '../support/podtank.ts'

const out = join(mkdtempSync(join(tmpdir(), 'podtank-out-')), 'run')
const read = (name: string) => readFileSync(join(out, name), 'utf8')

let program: Program
let result: RunResult

beforeAll(async () => {
  const path = writeScenario({
    image: 'podtank.lab/web:sigterm',
    replicas: 4,
    steps: '[{ wait: 1s }, { scale: { replicas: 1 } }, { wait: settled }]',
    load: `{ schedule: 'const(60,4s)', connections: both, requests: [GET /, POST /] }`,
  })
  program = podtank(['run', path, '--out', out, '-o', 'json', '--seed', '3'], {
    marker: 'whole-run',
  })
  await program.ended
  result = JSON.parse(program.stdout()) as RunResult
})

describe('a run on the lab', () => {
  it('balances its books', () => {
    expect(result.ledger.planned).toBe(240)
    expect(result.ledger.sent).toBe(240)
    expect(Object.values(result.ledger.outcomes).reduce((sum, count) => sum + count, 0)).toBe(240)
    expect(result.ledger.balances).toBe(true)
  })

  it('puts the same document on stdout and on disk, and talk on stderr', () => {
    expect(program.stdout()).toBe(read('result.json'))
    expect(program.stderr()).toContain('deployment/web in namespace default')
  })

  it('fits the published schema', () => {
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(jsonSchemaOf('result')) as object,
    )
    expect(validate(result) ? [] : validate.errors).toEqual([])
    expect(validate({ ...result, version: 2 })).toBe(false)
  })

  it('gives every failure to a cause', () => {
    const failed = result.ledger.sent - (result.ledger.outcomes['ok'] ?? 0)
    expect(result.causes.reduce((sum, cause) => sum + cause.failed, 0)).toBe(failed)
    expect(result.windows.reduce((sum, window) => sum + window.failed, 0)).toBe(failed)
  })

  it('measures drain times of the pods that were deleted', () => {
    expect(result.drain.pods).toBe(3)
    expect(result.drain.gone?.count).toBe(3)
  })

  it('writes no escape sequence without a terminal', () => {
    expect(program.stderr()).not.toContain('\u001b')
  })

  it('leaves no process', async () => {
    await allGone('whole-run')
  })

  it('is reported again from its recording, byte for byte the same', async () => {
    const before = ['result.json', 'report.html'].map(read)
    rmSync(join(out, 'result.json'))
    rmSync(join(out, 'report.html'))
    const again = podtank(['report', out])
    expect(await again.ended).toBe(result.verdict.exitCode)
    expect(['result.json', 'report.html'].map(read)).toEqual(before)
  })

  it('is replayed', async () => {
    const replay = podtank(['replay', out, '--speed', '1000'])
    expect(await replay.ended).toBe(0)
    expect(replay.stderr()).toContain('scale to 1')
  })

  it('has nothing to replay where there is no recording: exit 2', async () => {
    const replay = podtank(['replay', join(out, 'nowhere')])
    expect(await replay.ended).toBe(2)
    expect(replay.stderr()).toContain('there is no readable recording')
    expect(existsSync(join(out, 'nowhere'))).toBe(false)
  })
})
