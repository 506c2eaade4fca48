import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { planMounts } from './plan-mounts.ts'
import type { Mount } from './plan-mounts.ts'

/**
 * $1 a table for mount(8), $2 a folder where it can be written though the disk is full, $3 the new root or nothing, $4 the
 * working directory; the rest is the container's command.
 */
const MOUNT_AND_EXEC = [
  'PATH_BEFORE=$PATH; PATH=$PATH:/usr/sbin:/sbin',
  'mount -t tmpfs table "$2" && printf %s "$1" >"$2/fstab" && mount --all --fstab "$2/fstab" || exit 128',
  '[ -z "$3" ] || { cd "$3" && pivot_root . . && umount -l .; } || exit 128',
  'cd "$4" || exit 128',
  'PATH=$PATH_BEFORE; unset PATH_BEFORE; shift 4; exec "$@"',
].join('\n')

/**
 * What goes before a container's command to show it its volumes at their places: mounts in a mount namespace of its
 * own, so that nothing of them is seen outside. The first process stays the same.
 */
export function enterMounts(
  volumes: readonly Mount[],
  { staging, workingDirectory }: { readonly staging: string; readonly workingDirectory: string },
): string[] {
  if (volumes.length === 0) return []
  const folder = join(staging, 'table')
  mkdirSync(folder, { recursive: true })
  const { mounts, newRoot = '' } = planMounts(volumes, staging)
  const table = mounts.map(tableLine).join('')
  const script = ['/bin/sh', '-c', MOUNT_AND_EXEC, 'sh', table, folder, newRoot, workingDirectory]
  return ['unshare', '--mount', '--', ...script]
}

const tableLine = ({ source, target }: Mount): string =>
  `${escaped(source)} ${escaped(target)} none rbind 0 0\n`

const escaped = (path: string): string =>
  path.replace(/[\\ \t\n]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`)

/** Without mount namespaces a volume is only a link in the pod's directory, at its mountPath within it. */
export function linkVolumes(volumes: readonly Mount[], podDirectory: string): void {
  for (const { source, target } of volumes) {
    mkdirSync(dirname(podDirectory + target), { recursive: true })
    mkdirSync(source, { recursive: true })
    try {
      symlinkSync(source, podDirectory + target)
    } catch {
      // An earlier run or another container of the pod has made it.
    }
  }
}
