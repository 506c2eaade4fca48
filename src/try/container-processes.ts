import { readdirSync, readFileSync } from 'node:fs'
import { TRY_MARKER } from './try-spec.ts'

/** A process of a tried pod, as /proc tells. */
export interface ContainerProcess {
  /** As this process sees it. */
  readonly pid: number
  readonly parentPid: number
  /** As the container sees it: 1 is its first process; equal to `pid` without PID namespaces. */
  readonly containerPid: number
  readonly command: string
  /** It has a handler for the signal; a Node program always seems to have one for SIGTERM (k8s-mechanics 1.6). */
  readonly catches: (signalNumber: number) => boolean
}

/** All processes of the pod that carry this mark, parents before their children; empty where there is no /proc. */
export function containerProcesses(mark: string): ContainerProcess[] {
  const found = listPids().flatMap((pid) => {
    const process = readProcess(pid, `${TRY_MARKER}=${mark}`)
    return process ? [process] : []
  })
  const own = new Set(found.map(({ pid }) => pid))
  const roots = found.filter(({ parentPid }) => !own.has(parentPid))
  const below = (parent: ContainerProcess): ContainerProcess[] => [
    parent,
    ...found.filter(({ parentPid }) => parentPid === parent.pid).flatMap(below),
  ]
  return roots
    .toSorted((left, right) => left.containerPid - right.containerPid)
    .flatMap(below)
    .filter((process) => !isOfTheLab(process, found))
}

/** `unshare` and `nsenter` carry the container's environment too, and stand outside of its namespace. */
const isOfTheLab = (
  { containerPid, command }: ContainerProcess,
  all: readonly ContainerProcess[],
): boolean =>
  /^\S*(?:unshare|nsenter) /.test(command) &&
  containerPid !== 1 &&
  all.some((other) => other.containerPid === 1)

/** Whether the process still runs; one that waits to be reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

function listPids(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0)
  } catch {
    return []
  }
}

function readProcess(pid: number, mark: string): ContainerProcess | undefined {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)) return undefined
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? ''
    const handled = BigInt(`0x${field('SigCgt') || '0'}`)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    if (command === '') return undefined
    return {
      pid,
      parentPid: Number(field('PPid')),
      containerPid: Number(field('NSpid').split(/\s+/).at(-1)) || pid,
      command,
      catches: (signalNumber) => ((handled >> BigInt(signalNumber - 1)) & 1n) === 1n,
    }
  } catch {
    return undefined
  }
}
