import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { firstProcessOf } from '../../../src/lab/kubelet/runtime/first-process-of.ts'
import { findNamespaces } from '../../../src/lab/network/kernel/find-namespaces.ts'
import { until } from '../kubelet/test-node.ts'

const inNamespaces = fileURLToPath(new URL('lab-in-namespaces.ts', import.meta.url))
const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))

const found = await findNamespaces()
const withUser = ['unshare', '--user', '--map-root-user']
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

/** Whoever may make namespaces here; where the kernel refuses, the title of the skipped test says why. */
const callers =
  typeof found === 'string'
    ? []
    : process.getuid?.() === 0
      ? [
          { who: 'root', before: found.prefix },
          {
            who: 'an ordinary user',
            before: [...nobody, ...withUser, ...withoutUser(found.prefix)],
          },
        ]
      : [{ who: 'an ordinary user', before: found.prefix }]

function withoutUser(prefix: readonly string[]): string[] {
  return prefix.filter(
    (word) => word.startsWith('--') && !['--user', '--map-root-user'].includes(word),
  )
}

let directory = ''
let started: ChildProcess | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'podtank-kernel-'))
  chmodSync(directory, 0o777)
})
afterEach(() => {
  started?.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
})

async function answersOf(before: readonly string[], network: string) {
  const [file = '', ...parameters]: readonly string[] = [
    ...before,
    process.execPath,
    inNamespaces,
    network,
  ]
  const child = spawn(file, parameters, {
    cwd: directory,
    env: { ...process.env, TMPDIR: directory, HOME: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let complaint = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  await new Promise((resolve) => child.once('close', resolve))
  if (output === '') throw new Error(complaint)
  return JSON.parse(output) as Record<string, unknown>
}

const lastByte = (address: string) => Number(address.split('.')[3])

if (typeof found === 'string') {
  it.skip(`the kernel's network: skipped because ${found}`, () => undefined)
}

describe.for(callers)('the network of namespaces for $who', { timeout: 120_000 }, ({ before }) => {
  const forms =
    typeof found !== 'string' && found.network === 'kernel'
      ? ['kernel', 'namespaces']
      : ['namespaces']

  it.for(forms)('gives ten pods the same port and a Service over them, over %s', async (form) => {
    const { addresses, ...answers } = await answersOf(before, form)
    const inOrder = (addresses as string[]).sort((a, b) => lastByte(a) - lastByte(b))
    expect(inOrder).toEqual(Array.from({ length: 10 }, (_, index) => `198.18.0.${index + 2}`))
    expect(answers).toMatchObject({
      direct: Array.from({ length: 10 }, (_, index) => `web-${String(index)} web-${String(index)}`),
      spread: 10,
      empty: 'ECONNREFUSED',
      nodePort: 30_000,
      atNodePort: form === 'kernel' ? (expect.stringMatching(/^web-/) as unknown) : 'ECONNREFUSED',
      ...(form === 'kernel' && {
        sticky: 1,
        newNodePort: true,
        inVain: ['EHOSTUNREACH', 'EHOSTUNREACH', 'timeout'],
        truth: [['unanswered', 'unanswered'], ['no-endpoints']],
      }),
      establishedFlow: true,
      gone: 'EHOSTUNREACH',
      fromPod: ['200', '299'],
      nextLab: true,
      shared: expect.stringContaining('sleep 4321') as unknown,
    })
  })
})

/** Everything that was started for a run works in its directory. */
const processesIn = (where: string): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readlinkSync(`/proc/${String(pid)}/cwd`).startsWith(where)
      } catch {
        return false
      }
    })

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: podtank.lab/graceful:1, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`
const SCENARIO = `podtank: 1
name: death
target: { workload: deployment/web, through: service/web }
manifests: [web.yaml]
load: { schedule: 'const(10,50s)', requests: [GET /] }
steps: [{ wait: 40s }]
`

async function startRun() {
  writeFileSync(join(directory, 'web.yaml'), MANIFEST)
  writeFileSync(join(directory, 'death.yaml'), SCENARIO)
  const run = spawn(process.execPath, [main, 'run', 'death.yaml', '--no-live', '--out', 'out'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started = run
  let output = ''
  for (const stream of [run.stdout, run.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => run.once('exit', resolve))
  await until(
    'load',
    () => {
      if (run.exitCode !== null) throw new Error(output)
      return output.includes('phase steady')
    },
    25_000,
  )
  const unshare = firstProcessOf(run.pid ?? 0) ?? 0
  return { run, ended, unshare, inner: firstProcessOf(unshare) ?? 0 }
}

describe.runIf(callers.length > 0)('a run inside namespaces', { timeout: 60_000 }, () => {
  const noneLeft = () => until('nothing left', () => processesIn(directory).length === 0)

  it.for(['the program', 'its unshare', 'the program inside'])(
    'leaves nothing behind when %s is killed',
    async (who) => {
      const { run, ended, unshare, inner } = await startRun()
      // Program, unshare, program inside, its unshare, lab, and 3 pods with at least sandbox and server.
      expect(processesIn(directory).length).toBeGreaterThanOrEqual(11)
      process.kill({ 'the program': run.pid ?? 0, 'its unshare': unshare }[who] ?? inner, 'SIGKILL')
      await ended
      await noneLeft()
    },
  )

  it('puts everything back at an interrupt, and ends with its exit code', async () => {
    const { run, ended } = await startRun()
    run.kill('SIGINT')
    expect(await ended).toBe(130)
    await noneLeft()
  })
})
