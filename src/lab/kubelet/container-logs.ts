import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ContainerLogOptions, ContainerLogs } from '../api/container-logs.ts'
import type { ContainerLog, LogLine } from './container-log.ts'
import { createContainerLog } from './container-log.ts'

/** The kubelet's own side of {@link ContainerLogs}. */
export interface ContainerLogStore extends ContainerLogs {
  /** A log for the next run of a container; the one before it becomes `previous`. */
  begin(container: LoggedContainer): ContainerLog
  /** Forgets the logs of a removed pod; their files stay. */
  forget(namespace: string, pod: string): void
}

export interface LoggedContainer {
  readonly namespace: string
  readonly pod: string
  readonly container: string
}

interface Runs {
  readonly current: ContainerLog
  readonly previous: ContainerLog | undefined
  readonly count: number
}

const podKey = (namespace: string, pod: string) => `${namespace}_${pod}_`

/** Keeps the logs of all containers, with files under `directory`. */
export function createContainerLogStore(directory: string): ContainerLogStore {
  mkdirSync(directory, { recursive: true })
  const runsByContainer = new Map<string, Runs>()
  return {
    begin: ({ namespace, pod, container }) => {
      const key = podKey(namespace, pod) + container
      const before = runsByContainer.get(key)
      const count = before?.count ?? 0
      const current = createContainerLog(join(directory, `${key}_${String(count)}.log`))
      runsByContainer.set(key, { current, previous: before?.current, count: count + 1 })
      return current
    },
    forget: (namespace, pod) => {
      const prefix = podKey(namespace, pod)
      for (const key of runsByContainer.keys())
        if (key.startsWith(prefix)) runsByContainer.delete(key)
    },
    open: (options) => {
      const runs = runsByContainer.get(podKey(options.namespace, options.pod) + options.container)
      const log = options.previous ? runs?.previous : runs?.current
      return log && readLog(log, options)
    },
  }
}

function readLog(log: ContainerLog, options: ContainerLogOptions): Readable {
  const stream = new Readable({ read: () => undefined })
  let leftBytes = options.limitBytes ?? Infinity
  const push = (line: LogLine) => {
    const text = options.timestamps ? `${line.time} ${line.text}\n` : `${line.text}\n`
    if (leftBytes <= 0) return
    const bytes = Buffer.from(text)
    stream.push(bytes.subarray(0, leftBytes))
    leftBytes -= bytes.length
    if (leftBytes <= 0) stream.push(null)
  }
  for (const line of selectLines(log.lines, options)) push(line)
  if (leftBytes <= 0) return stream
  if (!options.follow || log.ended) {
    stream.push(null)
    return stream
  }
  const stop = log.follow((line) => {
    if (line) push(line)
    else if (leftBytes > 0) stream.push(null)
  })
  stream.once('close', stop)
  return stream
}

function selectLines(
  lines: readonly LogLine[],
  { tailLines, sinceEpochMs = 0 }: ContainerLogOptions,
): readonly LogLine[] {
  const recent = lines.filter((line) => line.atEpochMs >= sinceEpochMs)
  return tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines))
}
