import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Container } from '../../api/kinds/pod.ts'
import type { Mount } from './plan-mounts.ts'

/** The devices of every container (OCI runtime specification); the machine's others are not seen. */
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx', 'pts']
const LINKS = { fd: '', stdin: '/0', stdout: '/1', stderr: '/2' }
const BELOW_TMP = /\/tmp\/[\w.@+-]+/g
const ANYBODY = 0o1777

export interface OwnFiles {
  readonly volumes: readonly Mount[]
  readonly podDirectory: string
  readonly container: Container
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly workingDirectory: string
}

/** Where a container's termination message is kept, outside of its view. */
export const terminationLogOf = (podDirectory: string, container: string): string =>
  join(podDirectory, 'own', container, 'termination-log')

/**
 * What a container has for itself besides its `volumes`: an empty `/tmp`, a `/dev` with `/dev/shm` for its pod, and the
 * file of its termination message. As its programs are those of the machine, what its command, variables or working
 * directory name below `/tmp` is seen there too.
 */
export function ownMounts(files: OwnFiles): Mount[] {
  const { podDirectory, container } = files
  const own = join(podDirectory, 'own', container.name)
  const log = terminationLogOf(podDirectory, container.name)
  const [tmp, dev, shm] = [join(own, 'tmp'), join(own, 'dev'), join(podDirectory, 'own', '.shm')]
  for (const folder of [tmp, dev, shm]) mkdirSync(folder, { recursive: true })
  for (const folder of [tmp, shm]) chmodSync(folder, ANYBODY)
  writeFileSync(log, '')
  for (const [name, below] of Object.entries(LINKS)) linkOnce(`/proc/self/fd${below}`, dev, name)
  const devices = DEVICES.map((name) => `/dev/${name}`).filter((path) => existsSync(path))
  const message = container.terminationMessagePath
  const same = (path: string): Mount => ({ source: path, target: path })
  const isVolume = (path: string) => files.volumes.some(({ target }) => target === path)
  const kept = keptBelowTmp(files).filter((path) => !isVolume(path) && path !== message)
  return [
    ...devices.map(same),
    ...(isVolume('/dev/shm') ? [] : [{ source: shm, target: '/dev/shm' }]),
    ...(message && !isVolume(message) ? [{ source: log, target: message }] : []),
    { source: dev, target: '/dev' },
    ...(isVolume('/tmp') ? [] : [...kept.map(same), { source: tmp, target: '/tmp' }]),
  ]
}

function keptBelowTmp({ command, env, workingDirectory, podDirectory }: OwnFiles): string[] {
  const texts = [...command, ...Object.values(env), workingDirectory, podDirectory]
  const named = texts.flatMap((text) => text.match(BELOW_TMP) ?? [])
  return [...new Set(named)].filter((path) => existsSync(path))
}

function linkOnce(target: string, folder: string, name: string): void {
  try {
    symlinkSync(target, join(folder, name))
  } catch {
    // An earlier run of the container has made it.
  }
}
