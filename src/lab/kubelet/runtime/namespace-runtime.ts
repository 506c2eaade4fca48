import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type {
  ContainerExit,
  ContainerProcess,
  ContainerRuntime,
  StartRequest,
} from './container-process.ts'
import { execResultOf, exitOf, forwardOutput, killGroup, sendSignal } from './container-process.ts'
import { firstProcessOf } from './first-process-of.ts'

const FIRST_PROCESS_POLL_MS = 2
const SIGKILLED = 137

const AFTER_SIGKILL = /unblock failed|child exit failed/

/** Keeps what `unshare` has to say apart from the container's stderr; `exec` leaves the command as PID 1. */
const OWN_STDERR = 'exec "$@" 2>&3 3>&-'

/** `unshare` options that make the command PID 1 of a namespace that dies with `unshare` (k8s-mechanics 1.6). */
export const pidNamespaceOptions = ['--pid', '--fork', '--kill-child', '--mount-proc'] as const

/** Who is not root may make and enter a PID namespace only within a user namespace of his own. */
const isRoot = process.getuid?.() === 0
const ownUser = isRoot ? [] : ['--user', '--map-root-user']
const enteringUser = isRoot ? [] : ['--user', '--preserve-credentials']

/**
 * Each container in its own PID namespace. Needs to run as PID 1 of one itself, so that the kernel ends all
 * containers with it.
 */
export function createNamespaceRuntime(): ContainerRuntime {
  const running = new Set<ContainerProcess>()
  return {
    pidNamespaces: true,
    start: (request) => {
      const container = startInNamespace(request)
      running.add(container)
      void container.exited.then(() => running.delete(container))
      return container
    },
    close: () => {
      for (const container of running) container.kill()
    },
  }
}

function startInNamespace(request: StartRequest): ContainerProcess {
  const [file, ...parameters] = wayIn(request)
  const command = ['/bin/sh', '-c', OWN_STDERR, 'sh', ...request.command]
  const unshare = spawn(file, [...parameters, '--', ...command], {
    cwd: request.directory,
    env: request.env,
    // A group of its own, by which what is left in a shared PID namespace can be ended.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [, stdout, unshareStderr, stderr] = unshare.stdio
  forwardOutput({ stdout, stderr: stderr as Readable }, request.onOutput)
  let complaint = ''
  unshareStderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  // Its complaint is whole only when its pipes have closed.
  const pipesClosed = new Promise((resolve) => unshare.once('close', resolve))
  const exited = exitOf(unshare).then(async (exit) => {
    killGroup(unshare.pid)
    await pipesClosed
    return trueExit(exit, complaint)
  })
  let ended = false
  void exited.then(() => (ended = true))

  // The signal must reach the first process of the container, not `unshare`, its parent.
  const signal = (name: NodeJS.Signals) => {
    if (ended || unshare.pid === undefined) return
    const pid = firstProcessOf(unshare.pid)
    if (pid === undefined) setTimeout(signal, FIRST_PROCESS_POLL_MS, name)
    else sendSignal(pid, name)
  }
  return {
    exited,
    firstPid: () => (ended || unshare.pid === undefined ? undefined : firstProcessOf(unshare.pid)),
    signal,
    kill: () => {
      signal('SIGKILL')
    },
    exec: async (command, timeoutMs) => {
      const pid = unshare.pid === undefined || ended ? undefined : firstProcessOf(unshare.pid)
      if (pid === undefined) return { exitCode: undefined, output: 'container not running' }
      const target = [
        ...enteringUser,
        '--target',
        String(pid),
        '--mount',
        '--pid',
        ...(request.enter.length > 0 ? ['--net', '--uts'] : []),
        `--wd=${request.directory}`,
      ]
      const nsenter = spawn('nsenter', [...target, '--', ...command], {
        env: request.env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      return execResultOf(nsenter, timeoutMs)
    },
  }
}

/** `unshare` passes exit codes and signals on, but stumbles over SIGKILL (util-linux 2.38). */
function trueExit(exit: ContainerExit, complaint: string): ContainerExit {
  if (complaint === '') return exit
  if (AFTER_SIGKILL.test(complaint)) return { ...exit, exitCode: SIGKILLED }
  return { ...exit, exitCode: 128, startError: complaint.trim() }
}

/** Into the pod's namespaces, and into a PID namespace of its own unless all the pod's containers share one. */
function wayIn({ enter, directory }: StartRequest): readonly [string, ...string[]] {
  const [file, ...parameters] = enter
  if (file === undefined) return ['unshare', ...ownUser, ...pidNamespaceOptions]
  if (parameters.includes('--pid')) return [file, ...parameters, `--wd=${directory}`]
  return [file, ...parameters, '--', 'unshare', ...pidNamespaceOptions]
}
