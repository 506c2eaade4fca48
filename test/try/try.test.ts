import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../lab/apps/run-app.ts'
import { namespacesWork } from '../lab/kubelet/test-node.ts'
import { tryText } from '../../src/try/try-text.ts'
import { outline, runTry, SERVERS } from './run-try.ts'

const has = (program: string) => spawnSync(program, ['--version']).error === undefined
const node = ['node', 'server.ts']

describe.runIf(namespacesWork)('podtank try', { timeout: 120_000 }, () => {
  it('a graceful server: requests finish, exit 0, and what it needs behind each proxy', async () => {
    const tried = await runTry(node, { slowPath: '/slow' })
    expect(outline(tried)).toEqual([
      'graceful',
      'signal-heard',
      'in-flight-finished',
      'idle-closed',
      'new-refused',
      'exit-clean',
    ])
    if (!tried.ok) return
    expect(
      tried.value.advice.map(({ behind, preStopSeconds }) => [behind, preStopSeconds]),
    ).toEqual([
      ['Service (kube-proxy)', 3],
      ['ingress-nginx', 6],
      ['Traefik', 3],
      ['HAProxy', 6],
      ['Envoy', 2],
      ['ALB', 16],
    ])
    expect(tried.value.yaml).toContain('sleep: { seconds: 3 }')
    for (const line of tryText(tried.value).split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('without a slow page a request half sent shows it', async () => {
    expect(outline(await runTry(node)).slice(0, 3)).toEqual([
      'graceful',
      'signal-heard',
      'in-flight-finished',
    ])
    expect(outline(await runTry(node, { env: ['END=exit'] })).slice(0, 3)).toEqual([
      'not-graceful',
      'signal-heard',
      'in-flight-cut',
    ])
  })

  it('a server that exits at once cuts what is open', async () => {
    const tried = await runTry(node, { env: ['END=exit'], slowPath: '/slow' })
    expect(outline(tried)).toMatchObject(
      ['not-graceful', 'signal-heard', 'in-flight-cut'].concat([
        expect.any(String),
        'new-refused',
        'exit-clean',
      ]),
    )
    if (tried.ok) expect(tried.value.verdict.exitCode).toBe(10)
  })

  it('a server that answers 503 after the signal serves nobody: it needs the preStop of one that refuses', async () => {
    const tried = await runTry(node, { env: ['END=away'] })
    expect(outline(tried)).toMatchObject(
      ['graceful', 'signal-heard'].concat([
        expect.any(String),
        'idle-turned-away',
        'new-refused',
        'exit-clean',
      ]),
    )
    if (!tried.ok) return
    expect(tried.value.findings[3]?.text).toContain('answered with 503 from ')
    expect(tried.value.advice[0]).toMatchObject({ preStopSeconds: 3 })
  })

  it('a server that serves on for long enough gets no preStop to copy', async () => {
    const tried = await runTry(node, { env: ['END=late'], grace: 8 })
    if (!tried.ok) throw new Error(tried.error.message)
    expect(tried.value.advice[0]).toMatchObject({ preStopSeconds: 0 })
    expect(tried.value.verdict.sentence).toContain('needs no preStop')
    expect(tried.value.yaml).toContain('terminationGracePeriodSeconds: 30')
    expect(tried.value.yaml).not.toContain('preStop')
  })

  it('PID 1 without a handler ignores the signal, until SIGKILL', async () => {
    expect(outline(await runTry(node, { env: ['END=deaf'] }))).toEqual([
      'not-graceful',
      'signal-ignored',
      'in-flight-before-kill',
      'idle-pinned',
      'new-served',
      'exit-by-sigkill',
    ])
  })

  it('a shell script without exec swallows the signal, and with exec not', async () => {
    const swallowed = await runTry(['./start.sh'])
    expect(outline(swallowed)[1]).toBe('signal-swallowed')
    if (swallowed.ok) {
      expect(swallowed.value.findings[0]?.text).toContain('PID 1 is sh ./start.sh')
      expect(swallowed.value.yaml).toBeUndefined()
    }
    expect(outline(await runTry(['./start-exec.sh']))[1]).toBe('signal-heard')
  })

  it.runIf(has('npm'))('npm start: the server is killed and never hears of it', async () => {
    const tried = await runTry(['npm', 'start'])
    expect(outline(tried).slice(0, 2)).toEqual(['not-graceful', 'server-killed-with-pid-1'])
  })

  it.runIf(has('tini'))('tini passes the signal on', async () => {
    const tried = await runTry(['tini', '--', ...node], { slowPath: '/slow' })
    expect(outline(tried).slice(0, 3)).toEqual(['graceful', 'signal-heard', 'in-flight-finished'])
  })

  it.runIf(has('python3'))('Python: deaf as PID 1, and with a handler not', async () => {
    expect(outline(await runTry(['python3', 'app.py']))[1]).toBe('signal-ignored')
    const handled = await runTry(['python3', 'app.py'], { env: ['END=graceful'] })
    expect(outline(handled)).toContain('signal-heard')
    expect(outline(handled)[0]).toBe('graceful')
  })

  it.runIf(has('python3'))('finds the health check of a server without a page at /', async () => {
    expect(outline(await runTry(['python3', 'health.py']))[0]).toBe('not-graceful')
  })

  const binary = join(mkdtempSync(join(tmpdir(), 'podtank-go-')), 'server')
  const hasGo =
    spawnSync('go', ['build', '-o', binary, 'main.go'], { cwd: SERVERS, timeout: 60_000 })
      .status === 0
  it.runIf(hasGo)(
    'Go: Shutdown is graceful; without a handler the runtime exits with 2',
    async () => {
      const graceful = await runTry([binary], { slowPath: '/slow' })
      expect(outline(graceful)[0]).toBe('graceful')
      const deaf = await runTry([binary], { slowPath: '/slow', env: ['END=deaf'] })
      expect(outline(deaf).slice(0, 3)).toEqual(['not-graceful', 'signal-heard', 'in-flight-cut'])
      if (deaf.ok) expect(deaf.value.exit.code).toBe(2)
    },
  )

  it('scales and restarts it under load, through Service and Ingress', async () => {
    const tried = await runTry(node, { load: true })
    if (!tried.ok) throw new Error(tried.error.message)
    expect(tried.value.load.map(({ through, sent }) => [through, sent])).toEqual([
      ['service', 300],
      ['ingress', 300],
    ])
  })
})

describe('podtank try says what is wrong with a server', { timeout: 120_000 }, () => {
  it('that exits by itself, with its last words', async () => {
    const command = ['sh', '-c', 'echo no database >&2; exit 3']
    expect(outline(await runTry(command))).toEqual([
      'server-exits: sh -c echo no database >&2; exit 3 exits by itself, with code 3; its last words: no database',
    ])
  })

  it('that listens at another port, with that port', async () => {
    const other = await freePort()
    const tried = await runTry(['sh', '-c', `PORT=${other} exec node server.ts`], { start: 3 })
    expect(outline(tried)[0]).toMatch(/^port-not-open: .*the server listens at /)
    if (!tried.ok) expect(tried.error.hint).toContain(`--port ${other}`)
  })

  it('that listens for itself only', async () => {
    const tried = await runTry(node, { start: 3, env: ['WHERE=127.0.0.1'] })
    expect(outline(tried)[0]).toMatch(/^port-not-open: .*listens at 127\.0\.0\.1:\d+ only/)
  })

  it('whose path does not answer 200', async () => {
    const port = await freePort()
    const tried = await runTry(['python3', '-m', 'http.server', '-b', '0.0.0.0', String(port)], {
      port,
      path: '/not-here',
      start: 2,
    })
    expect(outline(tried)[0]).toBe('path-not-ok: GET /not-here gets 404, for 2 s')
  })
})
