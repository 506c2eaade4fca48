import { readFileSync } from 'node:fs'

/** The child of an `unshare` or `nsenter` that forks; undefined before it is there, and after. */
export function firstProcessOf(parentPid: number): number | undefined {
  try {
    const pid = String(parentPid)
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return children === '' ? undefined : Number(children.split(' ')[0])
  } catch {
    return undefined
  }
}
