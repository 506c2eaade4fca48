import { mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import type { Container, Pod } from '../../api/kinds/pod.ts'
import { volumePath } from './prepare-volumes.ts'

/** One thing that a container sees at another place. */
export interface Mount {
  readonly source: string
  /** Absolute. */
  readonly target: string
}

/** The mounts that make a container's view of the files. */
export interface MountPlan {
  /** In the order in which they are to be made; each with all that is mounted below its source. */
  readonly mounts: readonly Mount[]
  /** The folder that becomes `/` afterwards; absent: `/` stays. */
  readonly newRoot?: string
}

/** The volumes of a container, where its manifest wants them. */
export function volumeMounts(pod: Pod, container: Container, podDirectory: string): Mount[] {
  return (container.volumeMounts ?? []).map(({ name, mountPath, subPath = '' }) => {
    const volume = pod.spec.volumes?.find((one) => one.name === name) ?? { name }
    return {
      source: join(volumePath(podDirectory, volume, pod), subPath),
      target: posix.resolve('/', mountPath),
    }
  })
}

/**
 * How `volumes` are mounted without making a file or folder outside of them and of `staging`: where a mount point is
 * missing, the nearest folder above it is rebuilt in `staging` out of mounts of its own entries, and put in its place.
 */
export function planMounts(volumes: readonly Mount[], staging: string): MountPlan {
  for (const { source } of volumes) if (!pathExists(source)) mkdirSync(source, { recursive: true })
  const outer = volumes.filter((mount) => !holderOf(mount, volumes))
  const folders = outer.filter(isMissing).map(({ target }) => nearestFolder(target))
  const needsRoot = folders.includes('/')
  const root = needsRoot ? join(staging, 'root') : ''
  const planned = [...mountsWithin(volumes), ...(needsRoot ? rebuild('/', root) : [])]
  for (const folder of new Set(folders.filter((one) => one !== '/').sort())) {
    const copy = join(staging, 'folders', folder)
    planned.push(...rebuild(folder, copy))
    for (const { source, target } of outer)
      if (target.startsWith(`${folder}/`))
        makeMountPoint(source, copy + target.slice(folder.length))
    planned.push({ source: copy, target: root + folder })
  }
  // What hides the staging folder, and with it the sources, comes last.
  const hides = ({ target }: Mount) => staging.startsWith(`${target}/`)
  for (const { source, target } of [
    ...outer.filter((one) => !hides(one)),
    ...outer.filter(hides),
  ]) {
    if (needsRoot && nearestFolder(target) === '/') makeMountPoint(source, root + target)
    planned.push({ source, target: root + target })
  }
  return { mounts: planned, ...(needsRoot && { newRoot: root }) }
}

/** A volume inside of another is mounted in that one's own folder, and comes along with it. */
function mountsWithin(volumes: readonly Mount[]): Mount[] {
  const innermostFirst = volumes.toSorted((one, other) => other.target.length - one.target.length)
  return innermostFirst.flatMap((mount): Mount[] => {
    const holder = holderOf(mount, volumes)
    if (!holder) return []
    const target = holder.source + mount.target.slice(holder.target.length)
    makeMountPoint(mount.source, target)
    return [{ source: mount.source, target }]
  })
}

const holderOf = ({ target }: Mount, volumes: readonly Mount[]): Mount | undefined =>
  volumes
    .filter((one) => target.startsWith(`${one.target}/`))
    .sort((one, other) => other.target.length - one.target.length)[0]

const isMissing = ({ target }: Mount): boolean => !pathExists(target)

function nearestFolder(path: string): string {
  const above = dirname(path)
  return pathExists(above) ? above : nearestFolder(above)
}

/** An empty likeness of `folder` at `copy`, and the mounts that fill it. */
function rebuild(folder: string, copy: string): Mount[] {
  mkdirSync(copy, { recursive: true })
  const mounts = readdirSync(folder, { withFileTypes: true }).flatMap((entry): Mount[] => {
    const source = join(folder, entry.name)
    const target = join(copy, entry.name)
    if (entry.isSymbolicLink()) {
      if (!linkExists(target)) symlinkSync(readlinkSync(source), target)
      return []
    }
    if (!pathExists(source)) return []
    makeMountPoint(source, target)
    return [{ source, target }]
  })
  // The folder that holds the copy comes first: later it would hold all that is mounted there by then.
  const holdsCopy = ({ source }: Mount) => copy.startsWith(`${source}/`)
  const self = { source: copy, target: copy }
  return [self, ...mounts.filter(holdsCopy), ...mounts.filter((mount) => !holdsCopy(mount))]
}

function makeMountPoint(source: string, target: string): void {
  if (pathExists(target)) return
  mkdirSync(dirname(target), { recursive: true })
  if (pathExists(source) && !statSync(source).isDirectory()) writeFileSync(target, '')
  else mkdirSync(target, { recursive: true })
}

const pathExists = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false }) !== undefined

function linkExists(path: string): boolean {
  try {
    readlinkSync(path)
    return true
  } catch {
    return false
  }
}
