import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { makeDirectory } from '../base/make-directory.ts'
import type { Problem } from '../base/problem.ts'
import type { Result } from '../base/result.ts'
import { fail, succeed } from '../base/result.ts'
import { siblingModule } from '../base/sibling-module.ts'
import type { AccessReport } from './api/access/access-report.ts'
import { ACCESS_PATH } from './api/access/access-report.ts'
import type { InjectedFault } from './api/faults/fault.ts'
import { FAULTS_PATH } from './api/faults/fault-control.ts'
import { askLab } from './ask-lab.ts'
import { findIsolation } from './isolation.ts'
import type { Isolation } from './isolation.ts'
import type { LabChildAnswer, LabChildOptions } from './lab-child.ts'
import { labFidelity } from './lab-fidelity.ts'
import type { Lab, LabOptions } from './lab.ts'
import { writeKubeconfig } from './write-kubeconfig.ts'

/** What `close` waits before it uses force. */
const PATIENCE_MS = 3000

/**
 * Starts an embedded cluster in a process of its own, which ends with this one, however this one ends.
 * Problems: `lab-directory`, `port-in-use`, `cannot-listen`, `no-loopback-addresses`, `no-lab-network`, `lab-failed`.
 */
export async function startLab(options: LabOptions): Promise<Result<Lab, Problem>> {
  const directory = resolve(options.directory)
  const log = openLog(directory)
  if (!log.ok) return log
  const isolation = await findIsolation(options.plainProcesses ?? false)
  const network = options.network ?? 'loopback'
  const child = spawnChild(isolation, log.value, {
    directory,
    seed: options.seed,
    port: options.port ?? 0,
    nodes: options.nodes ?? 1,
    pidNamespaces: isolation.pidNamespaces,
    network,
    faults: options.faults ?? [],
    rbac: options.rbac ?? false,
    ...(options.truthPath === undefined ? {} : { truthPath: resolve(options.truthPath) }),
  })
  closeSync(log.value)
  const closed = once(child, 'close').then(
    () => undefined,
    () => undefined,
  )
  const answer = await firstLine(child.stdout)
  if (!answer?.ok) {
    await end(child, closed)
    return answer ?? fail(labFailed(directory))
  }
  const kubeconfigPath = join(directory, 'kubeconfig')
  const { port, credentials } = answer.value
  const serverUrl = `${credentials ? 'https' : 'http'}://127.0.0.1:${String(port)}`
  await writeKubeconfig(kubeconfigPath, serverUrl, credentials)
  const ask = (path: string, body?: object) => askLab(serverUrl + path, credentials, body)
  return succeed({
    kubeconfigPath,
    serverUrl,
    fidelity: labFidelity(isolation.pidNamespaces, network, options.networkWhy),
    closed,
    setFaults: async (rules) => {
      await ask(FAULTS_PATH, { rules })
    },
    injectedFaults: async () => {
      const { injected } = (await ask(FAULTS_PATH)) as { injected: readonly InjectedFault[] }
      return injected
    },
    accessReport: async () => (await ask(ACCESS_PATH)) as AccessReport,
    close: async () => {
      await end(child, closed)
      for (const part of ['pods', 'network']) {
        await rm(join(directory, part), { recursive: true, force: true, maxRetries: 5 })
      }
    },
  })
}

function openLog(directory: string): Result<number, Problem> {
  try {
    makeDirectory(directory)
    return succeed(openSync(join(directory, 'lab.log'), 'a'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail({
      code: 'lab-directory',
      message: `The lab cannot write to its directory: ${reason}`,
    })
  }
}

type LabChild = ChildProcessByStdio<Writable, Readable, null>

/** In a session of its own, so that Ctrl-C reaches the run only; its end is the end of its stdin. */
function spawnChild(isolation: Isolation, log: number, options: LabChildOptions): LabChild {
  const main = fileURLToPath(siblingModule(import.meta.url, './lab-main'))
  const command = [...isolation.prefix, process.execPath, main, JSON.stringify(options)]
  const [file = '', ...parameters] = command
  const env = { ...process.env }
  delete env['NODE_OPTIONS']
  // Node's types know no file descriptors among the three.
  const child = spawn(file, parameters, {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', log],
  }) as LabChild
  child.stdin.on('error', () => undefined)
  return child
}

/** The child's one answer; undefined when it ended without. */
async function firstLine(output: Readable): Promise<LabChildAnswer | undefined> {
  try {
    for await (const line of createInterface({ input: output })) {
      return JSON.parse(line) as LabChildAnswer
    }
    return undefined
  } finally {
    // Only a stream that flows on tells of the child's end.
    output.resume()
  }
}

async function end(child: LabChild, closed: Promise<void>): Promise<void> {
  child.stdin.end()
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await closed
  clearTimeout(force)
}

const labFailed = (directory: string): Problem => ({
  code: 'lab-failed',
  message: 'The lab ended before it was ready.',
  hint: `See ${join(directory, 'lab.log')}`,
})
