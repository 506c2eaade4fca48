import { setTimeout as sleep } from 'node:timers/promises'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readRecording } from '../../../src/recording/read-recording.ts'
import type { RunResult } from '../../../src/report/result.ts'
import { accessOfKubeconfig } from '../../conformance/api-client.ts'
import { podtank, until } from '../../support/podtank.ts'
import { type CuttableTcp, startCuttableTcp } from './cuttable-tcp.ts'
import { localApiServer } from './local-api-server.ts'
import { guardianOf, startSafeRun, writeKubeconfig, writeSafeScenario } from './safe-run.ts'
import { createSafeNamespace, KUBECONFIG, type SafeNamespace } from './safe-namespace.ts'

const GONE_MS = 4_000

let namespace: SafeNamespace
let tcp: CuttableTcp
let kubeconfig = ''

beforeAll(async () => {
  namespace = createSafeNamespace('podtank-safe-gone')
  const { hostname, port } = new URL(accessOfKubeconfig(KUBECONFIG).server)
  tcp = await startCuttableTcp(hostname, Number(port))
  kubeconfig = writeKubeconfig({ server: `https://127.0.0.1:${tcp.port}` })
}, 180_000)

afterAll(async () => {
  namespace.remove()
  await tcp.cut()
})

afterEach(async () => {
  expect(namespace.diff()).toBe('')
  expect(await namespace.leftovers()).toEqual([])
})

async function outcomeOf(out: string) {
  const recording = await readRecording(out)
  if (!recording.ok) throw new Error(recording.error.message)
  const gaps = recording.value.cluster.flatMap((one) => (one.type === 'gap' ? [one.gap] : []))
  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult
  const longestMs = Math.max(0, ...gaps.map(({ fromUs, toUs }) => (toUs - fromUs) / 1_000))
  const watchGaps = result.validity.find(({ name }) => name === 'watch gaps')
  return { result, gaps: gaps.length, longestMs, watchGaps }
}

/** Lets the API server be gone for a while, after the step of a run. */
async function outage(program: { said(text: string): Promise<void> }, replicas: number) {
  await program.said(`scale to ${replicas}: done`)
  await tcp.cut()
  await sleep(GONE_MS)
  await tcp.heal()
}

describe('an API server that is gone in the middle of a run', () => {
  it('leaves gaps with their intervals; where requests failed in them, no verdict', async () => {
    const scenario = writeSafeScenario({ seconds: 12, replicas: 0 })
    const { program, out } = startSafeRun(namespace, scenario, [], kubeconfig)
    await outage(program, 0)
    expect(await program.ended).toBe(11)
    const { result, gaps, longestMs, watchGaps } = await outcomeOf(out)
    expect(gaps).toBeGreaterThan(0)
    expect(longestMs).toBeGreaterThanOrEqual(GONE_MS)
    expect(result).toMatchObject({
      verdict: { outcome: 'inconclusive' },
      ledger: { planned: 120, balances: true },
      notRestored: [],
    })
    expect(watchGaps?.state).toBe('refuse')
  })

  it('hides nothing that matters where no request failed', async () => {
    const scenario = writeSafeScenario({ seconds: 12, replicas: 3 })
    const { program, out } = startSafeRun(namespace, scenario, [], kubeconfig)
    await outage(program, 3)
    // 11 where this machine itself was too busy to be believed.
    expect([0, 11]).toContain(await program.ended)
    const { result, watchGaps } = await outcomeOf(out)
    expect(result).toMatchObject({
      ledger: { planned: 120, sent: 120, outcomes: { ok: 120 }, balances: true },
      notRestored: [],
    })
    expect(watchGaps?.state).toBe('warn')
  })

  it('and a run killed meanwhile: its guardian waits, and puts back', async () => {
    const { program, out } = startSafeRun(
      namespace,
      writeSafeScenario({ seconds: 60 }),
      [],
      kubeconfig,
    )
    await program.said('scale to 1: done')
    await tcp.cut()
    program.child.kill('SIGKILL')
    await program.ended
    const log = join(out, 'guardian.log')
    const said = (text: string) => existsSync(log) && readFileSync(log, 'utf8').includes(text)
    await until(() => said('without a word'))
    await sleep(GONE_MS)
    expect(await namespace.replicas()).toBe(1)
    await tcp.heal()
    await until(() => said('done after'))
    expect(said('spec.replicas put back')).toBe(true)
  })

  it('and both killed meanwhile: podtank restore says that it cannot know, then puts back', async () => {
    const { program, out } = startSafeRun(
      namespace,
      writeSafeScenario({ seconds: 60 }),
      [],
      kubeconfig,
    )
    await program.said('scale to 1: done')
    process.kill(guardianOf(out), 'SIGKILL')
    program.child.kill('SIGKILL')
    await program.ended
    await tcp.cut()
    const flags = ['--kubeconfig', kubeconfig, '-n', namespace.name]
    const blind = podtank(['restore', ...flags])
    expect(await blind.ended).toBe(3)
    expect(blind.stderr()).toContain('cannot be reached')
    await tcp.heal()
    expect(await podtank(['restore', ...flags]).ended).toBe(0)
  })
})

const server = localApiServer()

describe.skipIf(server === undefined)('an API server that is killed and started again', () => {
  it('in the middle of a run: gaps are told, the books balance, everything is put back', async () => {
    const scenario = writeSafeScenario({ seconds: 20, replicas: 0 })
    const { program, out } = startSafeRun(namespace, scenario)
    await program.said('scale to 0: done')
    server?.kill()
    await sleep(2_000)
    await server?.start()
    expect(await program.ended).toBe(11)
    const { result, longestMs, watchGaps } = await outcomeOf(out)
    expect(longestMs).toBeGreaterThanOrEqual(2_000)
    expect(watchGaps?.state).toBe('refuse')
    expect(result).toMatchObject({ ledger: { planned: 200, balances: true }, notRestored: [] })
  })
})
