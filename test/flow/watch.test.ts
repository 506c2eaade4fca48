import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRecording } from '../../src/recording/read-recording.ts'
import type { WatchResult } from '../../src/report/watch-result.ts'
import { workloadManifest } from '../support/lab-run.ts'
import { allGone, podtank, type Program, until } from '../support/podtank.ts'

const folder = mkdtempSync(join(tmpdir(), 'podtank-watch-'))
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'

let lab: Program
let server = ''
let api: Gateway

/** Stands between podtank and the API server: notes every call, and can go away and come back at the same port. */
class Gateway {
  readonly calls: string[] = []
  #server: Server | undefined
  #port = 0
  readonly #target: string

  constructor(target: string) {
    this.#target = target
  }

  get kubeconfig(): string {
    const path = join(folder, `kubeconfig-${this.#port}`)
    const named = (name: string, more: object) => ({ name, ...more })
    writeFileSync(
      path,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'lab',
        clusters: [named('lab', { cluster: { server: `http://127.0.0.1:${this.#port}` } })],
        contexts: [named('lab', { context: { cluster: 'lab', user: 'lab' } })],
        users: [named('lab', { user: {} })],
      }),
    )
    return path
  }

  async open(): Promise<void> {
    this.#server = createServer((incoming, outgoing) => {
      const { method, url, headers } = incoming
      this.calls.push(`${method ?? ''} ${url ?? ''}`)
      const forward = request(`${this.#target}${url ?? ''}`, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        outgoing.flushHeaders()
        answer.pipe(outgoing)
      })
      outgoing.on('close', () => forward.destroy())
      forward.on('error', () => outgoing.destroy())
      incoming.pipe(forward)
    })
    await new Promise<void>((resolve) => {
      this.#server?.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve))
  }
}

async function send(method: string, path: string, type: string, body: string): Promise<void> {
  const answer = await fetch(`${server}${path}`, {
    method,
    headers: { 'content-type': type },
    body,
  })
  expect(answer.ok).toBe(true)
}

const scale = (replicas: number): Promise<void> =>
  send(
    'PATCH',
    `${DEPLOYMENTS}/web`,
    'application/merge-patch+json',
    JSON.stringify({ spec: { replicas } }),
  )

beforeAll(async () => {
  lab = podtank(['lab', 'up'], { marker: 'watch-lab' })
  await lab.said('The lab runs at')
  server = /The lab runs at (\S+)\./.exec(lab.stderr())?.[1] ?? ''
  const manifests = workloadManifest({ image: 'podtank.lab/web:sigquit', replicas: 2 }).split(
    '---\n',
  )
  for (const [at, path] of [DEPLOYMENTS, '/api/v1/namespaces/default/services'].entries())
    await send('POST', path, 'application/yaml', manifests[at] ?? '')
  api = new Gateway(server)
  await api.open()
  await until(async () => {
    const answer = await fetch(`${server}${DEPLOYMENTS}/web`)
    return (
      ((await answer.json()) as { status?: { readyReplicas?: number } }).status?.readyReplicas === 2
    )
  })
})

afterAll(async () => {
  await api.close()
  lab.child.kill('SIGTERM')
  await lab.ended
  await allGone('watch-lab')
})

const watch = (name: string, args: readonly string[]) => {
  const out = join(folder, name)
  const all = ['watch', ...args, '--kubeconfig', api.kubeconfig, '--out', out]
  return { out, program: podtank(all, { marker: name }) }
}

const printed = (program: Program, text: string) => until(() => program.stdout().includes(text))

describe('podtank watch', () => {
  it('tells the life of each pod of a workload, writes nothing to the cluster, and ends well at Ctrl-C', async () => {
    api.calls.length = 0
    const { out, program } = watch('lives', ['deploy/web'])
    await printed(program, 'watching: pods 2/2 ready, endpoints 2')
    await scale(3)
    await printed(program, ' ready\n')
    await printed(program, 'of web ready')
    await scale(2)
    await printed(program, ' gone\n')
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(0)
    const [, born = ''] = /pod (\S+) created/.exec(program.stdout()) ?? []
    for (const what of ['scheduled to lab-node-1', 'started', 'ready'])
      expect(program.stdout()).toContain(`pod ${born} ${what}`)
    const [, killed = ''] = /pod (\S+) deleted, grace 30 s/.exec(program.stdout()) ?? []
    for (const text of [
      `pod ${killed} Killing`,
      `endpoint ${killed} of web terminating`,
      `pod ${killed} exited with 0`,
      `pod ${killed} gone`,
      'WATCHED  deployment/web in default on lab',
    ])
      expect(program.stdout()).toContain(text)
    expect(program.stdout()).not.toMatch(/not watched|request/)
    // Reviews of access are questions, not changes.
    const written = api.calls.filter((call) => !/^GET |selfsubjectaccessreviews/.test(call))
    expect(written).toEqual([])
    const recording = await readRecording(out)
    if (!recording.ok) throw new Error(recording.error.message)
    expect(recording.value.end).toMatchObject({ reason: 'finished' })
    expect(recording.value.frames).toEqual([])
  })

  it('prints the lives of all pods of a namespace as JSON after --for, and again from the recording', async () => {
    const { out, program } = watch('json', ['--for', '5s', '-o', 'json'])
    await program.said('watching: pods 2/2')
    await scale(1)
    expect(await program.ended).toBe(0)
    const result = JSON.parse(program.stdout()) as WatchResult
    expect(result).toMatchObject({ version: 1, cluster: 'lab', namespace: 'default', gaps: [] })
    expect(result.durationUs).toBeGreaterThanOrEqual(5_000_000)
    expect(result.pods).toHaveLength(2)
    const [ended] = result.pods.filter(({ goneAtUs }) => goneAtUs !== undefined)
    if (!ended) throw new Error('no pod ended')
    const { deletedAtUs = 0, exitedAtUs = 0, goneAtUs = 0, exitCode, wasThere } = ended
    expect({ exitCode, wasThere }).toEqual({ exitCode: 0, wasThere: true })
    expect(deletedAtUs).toBeLessThanOrEqual(exitedAtUs)
    expect(exitedAtUs).toBeLessThanOrEqual(goneAtUs)
    const html = readFileSync(join(out, 'report.html'), 'utf8')
    expect(html).toContain(`data-pod="${ended.name}"`)
    rmSync(join(out, 'report.html'))
    const again = podtank(['report', out, '-o', 'json'])
    expect(await again.ended).toBe(0)
    expect(again.stdout()).toBe(program.stdout())
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toBe(html)
    const replayed = podtank(['replay', out, '--speed', '1000'])
    expect(await replayed.ended).toBe(0)
    expect(replayed.stderr()).toContain(`pod ${ended.name} gone`)
    await scale(2)
  })

  it('says that it sees nothing while the API server is away, goes on when it is back, and shows the gap', async () => {
    const { program } = watch('gap', ['deploy/web'])
    await printed(program, 'watching:')
    await api.close()
    await printed(program, 'nothing is seen of')
    expect(program.stdout()).toMatch(/nothing is seen of .*pods.*; trying again/)
    await scale(4)
    await api.open()
    await until(() => (program.stdout().match(/ ready\n/g) ?? []).length >= 2)
    await printed(program, 'blind on pods for')
    program.child.kill('SIGINT')
    expect(await program.ended).toBe(0)
    expect(program.stdout()).toMatch(/not seen: pods from \d+\.\d{3} to \d+\.\d{3} s/)
    await scale(2)
  })

  it('ends well when the reader of its pipe has left', async () => {
    const { out, program } = watch('pipe', ['deploy/web'])
    await printed(program, 'watching:')
    program.child.stdout?.destroy()
    await scale(3)
    expect(await program.ended).toBe(0)
    expect(existsSync(join(out, 'recording.ndjson'))).toBe(true)
    expect(readFileSync(join(out, 'recording.ndjson'), 'utf8')).toContain('"reason":"finished"')
  })

  it('is ended by SIGTERM with 143, and says what a wrong name needs', async () => {
    const { program } = watch('term', ['deploy/web'])
    await printed(program, 'watching:')
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(143)
    const missing = watch('missing', ['deploy/nobody']).program
    expect(await missing.ended).toBe(3)
    expect(missing.stderr()).toContain('there is no deployment "nobody" in namespace "default"')
    const wrong = watch('wrong', ['service/web']).program
    expect(await wrong.ended).toBe(2)
    expect(wrong.stderr()).toContain('"service/web" names no workload')
  })
})
