import { spawn } from 'node:child_process'
import { pidNamespaceOptions } from './kubelet/runtime/namespace-runtime.ts'

/** How the lab's process is kept together with everything that it starts. */
export interface Isolation {
  readonly pidNamespaces: boolean
  /** Goes before the command of the lab's process; empty where the kernel allows no namespaces. */
  readonly prefix: readonly string[]
}

const plain: Isolation = { pidNamespaces: false, prefix: [] }

/** All that the kubelet needs: a namespace inside this one, a way into one, and the children of a process. */
const TRIAL = [
  `unshare ${pidNamespaceOptions.join(' ')} -- true`,
  'nsenter --target 1 --mount --pid -- true',
  'cat /proc/1/task/1/children',
].join(' && ')

/** The strongest isolation that works here, found by trying; `plainOnly` asks for the weakest. */
export async function findIsolation(plainOnly: boolean): Promise<Isolation> {
  if (plainOnly) return plain
  const withoutUser = ['unshare', ...pidNamespaceOptions, '--']
  const withUser = ['unshare', '--user', '--map-root-user', ...pidNamespaceOptions, '--']
  // Without a user namespace real root keeps the right to listen on ports below 1024.
  const candidates = process.getuid?.() === 0 ? [withoutUser, withUser] : [withUser]
  for (const prefix of candidates) {
    if (await succeeds([...prefix, '/bin/sh', '-c', TRIAL])) return { pidNamespaces: true, prefix }
  }
  return plain
}

function succeeds([file = '', ...parameters]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(file, parameters, { stdio: 'ignore' })
    child.once('error', () => {
      resolve(false)
    })
    child.once('exit', (code) => {
      resolve(code === 0)
    })
  })
}
