import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { resolveImage } from '../../../src/lab/apps/images.ts'

/** A container of an image as a plain process on 127.0.0.1. */
export interface App {
  readonly port: number
  readonly pid: number
  output(): string
  signal(name: NodeJS.Signals): void
  /** The exit code, or the name of the signal. */
  readonly ended: Promise<number | NodeJS.Signals>
  get(path?: string, agent?: Agent): Promise<Answered>
}

export interface Answered {
  readonly status: number
  readonly body: string
  readonly connection: string | undefined
  readonly pod: string | undefined
}

const running = new Set<ChildProcess>()

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Starts an image and waits until its port is open, unless `waits` is false. */
export async function runApp(
  name: string,
  env: Readonly<Record<string, string>> = {},
  waits = true,
): Promise<App> {
  const image = resolveImage(`podtank.lab/${name}`)
  if (!image) throw new Error(`no image ${name}`)
  const port = await freePort()
  const [command = '', ...parameters] = image.command
  const child = spawn(command, parameters, {
    cwd: mkdtempSync(join(tmpdir(), 'podtank-app-')),
    env: {
      PATH: process.env['PATH'],
      POD_IP: '127.0.0.1',
      HOSTNAME: `pod-of-${name}`,
      PORT: String(port),
      ...image.env,
      ...env,
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (text += String(chunk)))
  const ended = once(child, 'exit').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
  )
  if (waits) await until(() => isOpen(port))
  return {
    port,
    pid: child.pid ?? 0,
    output: () => text,
    signal: (signal) => child.kill(signal),
    ended,
    get: (path = '/', agent = new Agent()) => get(port, path, agent),
  }
}

/** Ends every app that is left, with what it has started: tini gives its child a group, but not a session, of its own. */
export function endApps(): void {
  const sessions = new Set([...running].map(({ pid = 0 }) => pid))
  for (const [pid, session] of sessionsOfProcesses()) {
    if (!sessions.has(session)) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
  running.clear()
}

/** Each process with its session (proc(5): the fourth field after the command, which may hold anything). */
function sessionsOfProcesses(): [pid: number, session: number][] {
  return globSync('/proc/[0-9]*/stat').flatMap((path): [number, number][] => {
    try {
      const stat = readFileSync(path, 'latin1')
      return [[Number.parseInt(stat), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])]]
    } catch {
      return []
    }
  })
}

function get(port: number, path: string, agent: Agent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, agent }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => (body += String(chunk)))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          body,
          connection: answer.headers.connection,
          pod: answer.headers['x-pod-name'] as string | undefined,
        }),
      )
    })
    call.on('error', reject)
    call.end()
  })
}

/** Whether something listens at the port. */
export async function isOpen(port: number): Promise<boolean> {
  const socket: Socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 8_000
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`not within 8 s: ${holds.toString()}`)
    await sleep(10)
  }
}
