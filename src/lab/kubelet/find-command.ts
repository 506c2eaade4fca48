import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { StartPlan } from './start-container.ts'

/** Why a container's first process cannot be started, in runc's words; undefined when it can be. */
export function findCommandMistake(plan: StartPlan): string | undefined {
  const [command = ''] = plan.command
  if (command.includes('/')) {
    const path = isAbsolute(command) ? command : resolve(plan.directory, command)
    // What is on a volume is not to be seen from here.
    const isOnVolume = plan.volumes.some(({ target }) => path.startsWith(`${target}/`))
    return isOnVolume ? undefined : refusal(command, path)
  }
  const folders = (plan.env['PATH'] ?? '').split(':')
  const isThere = folders.some((folder) => reasonAgainst(join(folder, command)) === undefined)
  return isThere ? undefined : inRuncsWords(command, 'executable file not found in $PATH')
}

function refusal(command: string, path: string): string | undefined {
  const reason = reasonAgainst(path)
  return reason && inRuncsWords(command, reason)
}

function reasonAgainst(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isDirectory() ? 'is a directory' : undefined
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return isMissing ? `stat ${path}: no such file or directory` : 'permission denied'
  }
}

const inRuncsWords = (command: string, reason: string): string =>
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
  `unable to start container process: error during container init: exec: "${command}": ${reason}`
