import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allGone, BIN, podtank, start, writeScenario } from '../support/podtank.ts'

const canUnshare = spawnSync('unshare', ['-Urm', 'true']).status === 0

describe('bad input', () => {
  it('a scenario with mistakes: all of them, exit 2', async () => {
    const path = writeScenario({ steps: '[{ wiat: 1s }]', load: '{ schedule: "const(1)" }' })
    const program = podtank(['run', path])
    expect(await program.ended).toBe(2)
    expect(program.stdout()).toBe('')
    expect(program.stderr()).toContain('"wiat" is not a key here')
    expect(program.stderr()).toContain('did you mean "wait"?')
    expect(program.stderr()).toContain('const takes 2 arguments, here are 1')
  })

  it('a file that is not there: exit 2', async () => {
    const program = podtank(['run', 'nowhere.yaml'])
    expect(await program.ended).toBe(2)
    expect(program.stderr()).toBe(
      'error: nowhere.yaml cannot be read: ENOENT\n  hint: name a scenario file; podtank demo needs none\n',
    )
  })

  it('an unknown command: exit 2, with the nearest one', async () => {
    const program = podtank(['rnu'])
    expect(await program.ended).toBe(2)
    expect(program.stderr()).toContain("unknown command 'rnu'")
    expect(program.stderr()).toContain('Did you mean run?')
  })

  it('a wrong flag: exit 2', async () => {
    const program = podtank(['run', 'x.yaml', '--seed', 'many'])
    expect(await program.ended).toBe(2)
    expect(program.stderr()).toContain('a seed is a whole number')
  })

  it('an API server that cannot be reached: exit 3, with the address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podtank-kubeconfig-'))
    const kubeconfig = join(folder, 'config')
    writeFileSync(
      kubeconfig,
      `apiVersion: v1
kind: Config
current-context: nobody
clusters: [{ name: nobody, cluster: { server: 'http://127.0.0.1:9', insecure-skip-tls-verify: true } }]
users: [{ name: nobody, user: {} }]
contexts: [{ name: nobody, context: { cluster: nobody, user: nobody } }]
`,
    )
    const program = podtank([
      'run',
      writeScenario({ steps: '[{ wait: 1s }]' }),
      '--kubeconfig',
      kubeconfig,
    ])
    expect(await program.ended).toBe(3)
    expect(program.stderr()).toContain(
      'the API server http://127.0.0.1:9 cannot be reached: ECONNREFUSED',
    )
  })

  it('a context that is not there: exit 3, with those that are', async () => {
    const kubeconfig = join(mkdtempSync(join(tmpdir(), 'podtank-kube-')), 'config')
    writeFileSync(
      kubeconfig,
      `apiVersion: v1
kind: Config
clusters: [{ name: test, cluster: { server: "http://127.0.0.1:9" } }]
users: [{ name: test, user: {} }]
contexts: [{ name: test, context: { cluster: test, user: test } }]
`,
    )
    const scenario = writeScenario({ steps: '[{ wait: 1s }]' })
    const args = ['run', scenario, '--context', 'staging']
    const program = podtank([...args, '--kubeconfig', kubeconfig])
    expect(await program.ended).toBe(3)
    expect(program.stderr()).toContain('no context "staging"; there are test')
  })

  it('no kubeconfig at all: exit 3, with where it was looked for', async () => {
    const program = podtank(
      ['run', writeScenario({ steps: '[{ wait: 1s }]' }), '--context', 'staging'],
      { env: { PATH: process.env['PATH'], HOME: '/nowhere' } },
    )
    expect(await program.ended).toBe(3)
    expect(program.stderr()).toContain('there is no kubeconfig: /nowhere/.kube/config is not there')
  })

  it('a port in use: exit 3', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const program = podtank(['lab', 'up', '--port', String(port)], { marker: 'port-in-use' })
    expect(await program.ended).toBe(3)
    expect(program.stderr()).toContain(`${port}`)
    expect(program.stderr()).toMatch(/in use/)
    server.close()
    await allGone('port-in-use')
  })

  it('a namespace of the cluster’s own: exit 13, and the lab is gone', async () => {
    const path = writeScenario({ steps: '[{ wait: 1s }]' })
    const program = podtank(['run', path, '-n', 'kube-system'], { marker: 'refused' })
    expect(await program.ended).toBe(13)
    expect(program.stderr()).toContain('namespace "kube-system" belongs to the cluster itself')
    await allGone('refused')
  })

  it('an image that nobody has: waits, says for what, and Ctrl-C ends it with 130', async () => {
    const path = writeScenario({ steps: '[{ wait: 1s }]', image: 'nobody/knows:1' })
    const program = podtank(['run', path], { marker: 'image' })
    await program.said('waiting for deployment/web to be available')
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(130)
    await allGone('image')
  })

  it('a directory that has a recording: exit 2, nothing overwritten', async () => {
    const out = mkdtempSync(join(tmpdir(), 'podtank-out-'))
    writeFileSync(join(out, 'recording.ndjson'), 'mine\n')
    const program = podtank(['run', writeScenario({ steps: '[{ wait: 1s }]' }), '--out', out])
    expect(await program.ended).toBe(2)
    expect(program.stderr()).toContain('EEXIST')
    expect(readFileSync(join(out, 'recording.ndjson'), 'utf8')).toBe('mine\n')
  })

  it.skipIf(!canUnshare)(
    'a full disk while recording: stopped, put back, exit 11, and the lab is gone',
    async () => {
      const out = mkdtempSync(join(tmpdir(), 'podtank-full-'))
      const path = writeScenario({
        steps: '[{ scale: { replicas: 1 } }, { wait: 60s }]',
        load: `{ schedule: 'const(500,60s)' }`,
      })
      const script = `mount -t tmpfs -o size=256k full ${out} && exec ${process.execPath} ${BIN} run ${path} --out ${out}/run`
      const program = start('unshare', ['-Urm', 'sh', '-c', script], { marker: 'full-disk' })
      expect(await program.ended).toBe(11)
      expect(program.stderr()).toContain('cannot be written: ENOSPC')
      expect(program.stderr()).toContain(
        'hint: free some space, or choose another directory with --out',
      )
      expect(program.stderr()).toContain('put back')
      await allGone('full-disk')
    },
  )
})
