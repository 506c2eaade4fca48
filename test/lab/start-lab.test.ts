import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lab, LabOptions } from '../../src/lab/lab.ts'
import { startLab } from '../../src/lab/start-lab.ts'
import { namespacesWork, until } from './kubelet/test-node.ts'
import { MARKER, markedProcesses, startMarkedPods } from './marked-pods.ts'

const liveLab = fileURLToPath(new URL('live-lab.ts', import.meta.url))

let directory = ''
let marker = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'podtank-lab-'))
  marker = randomUUID()
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

async function start(options: Partial<LabOptions> = {}): Promise<Lab> {
  process.env[MARKER] = marker
  const lab = await startLab({ directory, seed: 1, ...options })
  Reflect.deleteProperty(process.env, MARKER)
  if (!lab.ok) throw new Error(lab.error.message)
  return lab.value
}

const lab = () =>
  [...markedProcesses(marker)].find(([, command]) => /^\S*node .*lab-main/.test(command))?.[0]
const noneLeft = () => until('nothing left', () => markedProcesses(marker).size === 0)

/** A process that runs a lab, with its own pid and the pids of everything it started. */
async function startRun(plain: boolean) {
  const run = spawn(process.execPath, [liveLab, directory, ...(plain ? ['plain'] : [])], {
    detached: true,
    env: { ...process.env, [MARKER]: marker },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(run.stdout, 'data')) as [Buffer]
  return { run, serverUrl: line.toString().trim() }
}

describe.for(namespacesWork ? ['namespaces', 'plain'] : ['plain'])(
  'a lab over %s',
  { timeout: 30_000 },
  (form) => {
    const plainProcesses = form === 'plain'

    it('leaves nothing behind when it is closed, also the second time', async () => {
      const own = await start({ plainProcesses })
      expect(own.fidelity.pidNamespaces).toBe(!plainProcesses)
      await startMarkedPods(own.serverUrl, marker)
      expect(markedProcesses(marker).size).toBeGreaterThanOrEqual(6)
      await own.close()
      expect([...markedProcesses(marker).values()]).toEqual([])
      await own.close()
    })

    it('leaves nothing behind when the run is killed', async () => {
      const { run } = await startRun(plainProcesses)
      expect(markedProcesses(marker).size).toBeGreaterThanOrEqual(7)
      run.kill('SIGKILL')
      await noneLeft()
    })

    it('leaves nothing behind when its own process is killed, and says that it is closed', async () => {
      const own = await start({ plainProcesses })
      await startMarkedPods(own.serverUrl, marker)
      process.kill(lab() ?? 0, 'SIGKILL')
      await own.closed
      await noneLeft()
    })

    it('lives on through the Ctrl-C of its run', async () => {
      const { run, serverUrl } = await startRun(plainProcesses)
      process.kill(-(run.pid ?? 0), 'SIGINT')
      const { status } = await fetch(`${serverUrl}/api/v1/namespaces/default/pods`)
      expect(status).toBe(200)
      run.kill('SIGKILL')
      await noneLeft()
    })
  },
)

describe('starting a lab', { timeout: 30_000 }, () => {
  it('writes a kubeconfig that names its server', async () => {
    const own = await start()
    expect(own.serverUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(readFileSync(own.kubeconfigPath, 'utf8')).toBe(`apiVersion: v1
kind: Config
clusters:
  - name: podtank-lab
    cluster:
      server: ${own.serverUrl}
      insecure-skip-tls-verify: true
users:
  - name: podtank-lab
    user: {}
contexts:
  - name: podtank-lab
    context:
      cluster: podtank-lab
      user: podtank-lab
      namespace: default
current-context: podtank-lab
`)
    await own.close()
  })

  it('says when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const result = await startLab({ directory, seed: 1, port })
    expect(result).toMatchObject({ ok: false, error: { code: 'port-in-use' } })
    other.close()
  })

  it('says when its directory cannot be made', async () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    const result = await startLab({ directory: join(file, 'lab'), seed: 1 })
    expect(result).toMatchObject({ ok: false, error: { code: 'lab-directory' } })
  })

  it('gives a second lab beside it its own addresses', async () => {
    const one = await start()
    const two = await start({ directory: join(directory, 'two') })
    await startMarkedPods(one.serverUrl, marker)
    await startMarkedPods(two.serverUrl, marker)
    await Promise.all([one.close(), two.close()])
    expect(markedProcesses(marker).size).toBe(0)
  })
})

describe('the fault plan of a lab', () => {
  const nodes = async (lab: Lab) => (await fetch(`${lab.serverUrl}/api/v1/nodes`)).status

  it('is an option, can be replaced, and says what struck', async () => {
    const fault = { kind: 'status', status: 503 } as const
    const lab = await start({ faults: [{ on: { resource: 'nodes' }, fault }] })
    try {
      expect([await nodes(lab), await nodes(lab)]).toEqual([503, 200])
      expect(await lab.injectedFaults()).toMatchObject([{ rule: 0, call: 1, kind: 'status' }])
      await lab.setFaults([{ on: { verbs: ['list'] }, fault, from: 2 }])
      expect([await nodes(lab), await nodes(lab)]).toEqual([200, 503])
      expect(await lab.injectedFaults()).toMatchObject([{ call: 2, verb: 'list' }])
    } finally {
      await lab.close()
    }
  })
})
