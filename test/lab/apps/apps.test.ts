import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { imageNames, missingProgram, resolveImage } from '../../../src/lab/apps/images.ts'
import { endApps, isOpen, runApp, until } from './run-app.ts'

afterEach(endApps)

const received = (name: string) => `received ${name}`

describe('the end of an app', () => {
  it('graceful: finishes the open request with Connection: close, then exits 0', async () => {
    const app = await runApp('graceful:1', { DELAY_MS: '400' })
    const agent = new Agent({ keepAlive: true })
    const open = app.get('/', agent)
    await until(async () => (await app.get('/healthz')).status === 200)
    app.signal('SIGTERM')
    expect(await open).toMatchObject({ status: 200, connection: 'close', pod: 'pod-of-graceful:1' })
    expect(await app.ended).toBe(0)
  })

  it('exit: cuts the open request and exits 0', async () => {
    const app = await runApp('exit:1', { DELAY_MS: '5000' })
    const open = app.get()
    const cut = expect(open).rejects.toMatchObject({ code: 'ECONNRESET' })
    await until(async () => (await app.get('/healthz')).status === 200)
    app.signal('SIGTERM')
    await cut
    expect(await app.ended).toBe(0)
  })

  it('ignore: hears the signal and serves on', async () => {
    const app = await runApp('ignore:1')
    app.signal('SIGTERM')
    await until(() => app.output().includes(received('SIGTERM')))
    expect((await app.get()).status).toBe(200)
    app.signal('SIGKILL')
    expect(await app.ended).toBe('SIGKILL')
  })

  it('close: still accepts connections for a while, each answer with Connection: close', async () => {
    const app = await runApp('close:1', { SERVE_ON_MS: '800' })
    const agent = new Agent({ keepAlive: true })
    expect((await app.get('/', agent)).connection).not.toBe('close')
    app.signal('SIGTERM')
    await until(() => app.output().includes(received('SIGTERM')))
    expect(await app.get('/', new Agent({ keepAlive: true }))).toMatchObject({
      status: 200,
      connection: 'close',
    })
    expect(await app.ended).toBe(0)
    expect(await isOpen(app.port)).toBe(false)
  })

  it('keepalive: closes an idle connection by itself', async () => {
    const app = await runApp('keepalive:1', { IDLE_MS: '100' })
    const agent = new Agent({ keepAlive: true })
    let closed = false
    agent.on('free', (socket: Socket) => socket.once('close', () => (closed = true)))
    expect((await app.get('/', agent)).status).toBe(200)
    await until(() => closed)
  })

  it.each([
    { timeout: '0', outcome: 'cut' },
    { timeout: '5', outcome: 'finished' },
  ])(
    'master: with process_control_timeout $timeout an open request is $outcome at SIGQUIT',
    async ({ timeout, outcome }) => {
      const env = { DELAY_MS: '500', PROCESS_CONTROL_TIMEOUT: timeout }
      const app = await runApp('master:1', env)
      const open = app.get().then(
        ({ status }) => (status === 200 ? 'finished' : String(status)),
        () => 'cut',
      )
      await until(async () => (await app.get('/healthz')).status === 200)
      app.signal('SIGQUIT')
      expect(await open).toBe(outcome)
      expect(await app.ended).toBe(0)
      expect(await isOpen(app.port)).toBe(false)
    },
  )

  it.each([
    { stopSignal: 'SIGTERM', outcome: 'cut' },
    { stopSignal: 'SIGQUIT', outcome: 'finished' },
  ])(
    'supervisor: an open request of its child is $outcome with the stop signal $stopSignal',
    async ({ stopSignal, outcome }) => {
      const app = await runApp('supervisor:1', { DELAY_MS: '400', STOP_SIGNAL: stopSignal })
      const open = app.get().then(
        () => 'finished',
        () => 'cut',
      )
      await until(async () => (await app.get('/healthz')).status === 200)
      app.signal('SIGTERM')
      expect(await open).toBe(outcome)
      expect(await app.ended).toBe(0)
      expect(app.output()).toContain(received(stopSignal))
    },
  )
})

describe('the health of an app', () => {
  it('early-ready: healthy at once, usable later', async () => {
    const app = await runApp('early-ready:1', { START_MS: '700' })
    expect((await app.get('/healthz')).status).toBe(200)
    expect((await app.get()).status).toBe(503)
    await until(async () => (await app.get()).status === 200)
  })

  it('early-ready with HANG=1: no answer until it is usable', async () => {
    const app = await runApp('early-ready:1', { START_MS: '600', HANG: '1' })
    const startedMs = performance.now()
    expect(await app.get()).toMatchObject({ status: 200, body: 'at last\n' })
    expect(performance.now() - startedMs).toBeGreaterThan(100)
  })

  it('flaps: its health goes and comes, its pages stay', async () => {
    const app = await runApp('flaps:1', { UP_MS: '300', DOWN_MS: '300' })
    for (const health of [503, 200, 503]) {
      await until(async () => (await app.get('/healthz')).status === health)
      expect((await app.get()).status).toBe(200)
    }
  })

  it('crash: exits 1 at the request it is told, and health checks do not count', async () => {
    const app = await runApp('crash:1', { CRASH_AFTER: '3' })
    await app.get('/healthz')
    expect((await app.get()).status).toBe(200)
    expect((await app.get()).status).toBe(200)
    await expect(app.get()).rejects.toThrow()
    expect(await app.ended).toBe(1)
  })

  it('crash: exits 1 after a time', async () => {
    const app = await runApp('crash:1', { CRASH_AFTER_MS: '100' }, false)
    expect(await app.ended).toBe(1)
  })

  it('hog: its memory grows by what it is told, and no further', async () => {
    const app = await runApp('hog:1', { HOG_MB: '120', HOG_MB_PER_SECOND: '400' })
    const residentMb = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1]) / 1024
    await until(() => residentMb() > 150)
    expect(residentMb()).toBeLessThan(400)
  })
})

describe('errors in a 200', () => {
  it('business: code 5003 from SIGTERM on, then a graceful end', async () => {
    const app = await runApp('business:1', { FAIL_MS: '500' })
    expect(JSON.parse((await app.get()).body)).toEqual({ code: 0 })
    app.signal('SIGTERM')
    await until(() => app.output().includes(received('SIGTERM')))
    expect(await app.get()).toMatchObject({
      status: 200,
      body: '{"code":5003,"message":"no provider"}\n',
    })
    expect(await app.ended).toBe(0)
  })

  it('business with every:2: each second request', async () => {
    const app = await runApp('business:1', { FAIL_WHEN: 'every:2' })
    const codes: number[] = []
    for (let at = 0; at < 4; at++) {
      codes.push((JSON.parse((await app.get()).body) as { code: number }).code)
    }
    expect(codes).toEqual([0, 5003, 0, 5003])
  })

  it('registry: calls an instance that has gone for TTL_MS more, with code 5003', async () => {
    const list = await runApp('registry-server:1', { EXPIRE_MS: '1500' })
    const REGISTRY = `127.0.0.1:${list.port}`
    const provider = await runApp('provider:1', { REGISTRY })
    const caller = await runApp('registry:1', { REGISTRY, TTL_MS: '700', REFRESH_MS: '100' })
    const call = async () => JSON.parse((await caller.get()).body) as Record<string, unknown>
    await until(async () => (await call())['code'] === 0)
    provider.signal('SIGTERM')
    expect(await provider.ended).toBe(0)
    expect(await call()).toMatchObject({
      code: 5003,
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
    await until(async () => (await call())['message'] === 'no provider')
  })

  it('provider with DEREGISTER=1: leaves the list before it ends', async () => {
    const list = await runApp('registry-server:1')
    const REGISTRY = `127.0.0.1:${list.port}`
    const provider = await runApp('provider:1', { REGISTRY, DEREGISTER: '1', SERVE_ON_MS: '1500' })
    const instances = async () => JSON.parse((await list.get('/instances')).body) as string[]
    await until(async () => (await instances()).length === 1)
    provider.signal('SIGTERM')
    await until(async () => (await instances()).length === 0)
    expect((await provider.get()).status).toBe(200)
    expect(await provider.ended).toBe(0)
  })
})

const hasNginx = resolveImage('podtank.lab/nginx:sigterm') !== undefined

describe.runIf(hasNginx)('the real nginx', () => {
  const slowly = '/1m.bin?rate=700k'

  it.each([
    { image: 'nginx:sigterm', signal: 'SIGTERM', outcome: 'cut' },
    { image: 'nginx:sigquit', signal: 'SIGQUIT', outcome: 'finished' },
  ] as const)('$image: an open answer is $outcome at $signal', async (one) => {
    const app = await runApp(one.image)
    expect(resolveImage(`podtank.lab/${one.image}`)?.stopSignal).toBe(one.signal)
    expect(await app.get('/healthz')).toMatchObject({ status: 200, pod: `pod-of-${one.image}` })
    const open = app.get(slowly).then(
      ({ body }) => (body.length === 1_048_576 ? 'finished' : 'short'),
      () => 'cut',
    )
    await until(async () => (await app.get('/')).status === 200)
    app.signal(one.signal)
    expect(await open).toBe(one.outcome)
    expect(await app.ended).toBe(0)
  })

  it('nginx with UPSTREAM_PORT passes requests on', async () => {
    const upstream = await runApp('graceful:1')
    const app = await runApp('nginx:sigquit', { UPSTREAM_PORT: String(upstream.port) })
    expect((await app.get('/')).body).toBe('hello from pod-of-graceful:1\n')
  })

  it('nginx-shell: its first process is the shell', async () => {
    const app = await runApp('nginx-shell:1')
    expect(readFileSync(`/proc/${app.pid}/comm`, 'utf8')).toBe('sh\n')
    expect((await app.get('/')).status).toBe(200)
  })

  it.runIf(missingProgram('podtank.lab/nginx-tini:1') === undefined)(
    'nginx-tini: its first process is tini',
    async () => {
      const app = await runApp('nginx-tini:1')
      expect(readFileSync(`/proc/${app.pid}/comm`, 'utf8')).toBe('tini\n')
      expect((await app.get('/')).status).toBe(200)
    },
  )
})

describe('images', () => {
  it('a program that is not installed is named, and its image is not there', () => {
    const path = process.env['PATH']
    process.env['PATH'] = ''
    const missing = imageNames
      .map((name) => `podtank.lab/${name}`)
      .filter((name) => missingProgram(name) !== undefined)
    process.env['PATH'] = path
    for (const name of missing) expect(name).toMatch(/nginx|phpfpm/)
    expect(missingProgram('podtank.lab/web:sigterm')).toBeUndefined()
    expect(missingProgram('docker.io/nginx')).toBeUndefined()
  })
})
