import { spawn } from 'node:child_process'
import type { ContainerProcess, ContainerRuntime, StartRequest } from './container-process.ts'
import { execResultOf, exitOf, forwardOutput, killGroup, sendSignal } from './container-process.ts'
import { startReaper } from './reaper.ts'
import type { Reaper } from './reaper.ts'

/**
 * The first process waits for one line before it becomes the command. When the lab dies before its group is known
 * to the reaper, the wait ends without that line and nothing is left behind.
 */
const WAIT_FOR_GO = 'read -r go || exit 1; exec "$@" </dev/null'

/** `kill 1` would reach the machine's init here, not the container's. */
const SIGNALS_INIT = /\bkill\b[^;&|]*\s1\b/

/** Each container is a process group; its first process is not PID 1, so signals have their default actions. */
export function createPlainRuntime(): ContainerRuntime {
  const reaper = startReaper()
  const running = new Set<ContainerProcess>()
  return {
    pidNamespaces: false,
    start: (request) => {
      const container = startInGroup(request, reaper)
      running.add(container)
      void container.exited.then(() => running.delete(container))
      return container
    },
    close: () => {
      for (const container of running) container.kill()
      reaper.close()
    },
  }
}

function startInGroup(request: StartRequest, reaper: Reaper): ContainerProcess {
  const options = {
    cwd: request.directory,
    env: { ...request.env, ...reaper.marker },
    detached: true,
  }
  const leader = spawn('/bin/sh', ['-c', WAIT_FOR_GO, 'sh', ...request.command], {
    ...options,
    stdio: 'pipe',
  })
  leader.stdin.on('error', () => undefined)
  forwardOutput(leader, request.onOutput)
  reaper.register(leader.pid)
  leader.stdin.end('go\n')

  const execGroups = new Set<number>()
  let ended = false
  const exited = exitOf(leader).then((exit) => {
    ended = true
    for (const pid of [leader.pid, ...execGroups]) killGroup(pid)
    reaper.release(leader.pid)
    return exit
  })
  return {
    exited,
    firstPid: () => (ended ? undefined : leader.pid),
    signal: (name) => {
      if (!ended) sendSignal(leader.pid, name)
    },
    kill: () => {
      if (!ended) killGroup(leader.pid)
    },
    exec: async (command, timeoutMs) => {
      if (ended) return { exitCode: undefined, output: 'container not running' }
      if (SIGNALS_INIT.test(command.join(' '))) {
        return {
          exitCode: 126,
          output: 'refused: PID 1 is not the container without PID namespaces',
        }
      }
      const [file = '', ...parameters] = command
      const child = spawn(file, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
      reaper.register(child.pid)
      if (child.pid !== undefined) execGroups.add(child.pid)
      const result = await execResultOf(child, timeoutMs)
      reaper.release(child.pid)
      if (child.pid !== undefined) execGroups.delete(child.pid)
      return result
    },
  }
}
