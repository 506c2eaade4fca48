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
  const format = (line: LogLine) =>
    options.timestamps ? `${line.time} ${line.text}\n` : `${line.text}\n`
  const stream = new Readable({ read: () => undefined })
  for (const line of selectLines(log.lines, options)) stream.push(format(line))
  if (!options.follow || log.ended) {
    stream.push(null)
    return stream
  }
  const stop = log.follow((line) => {
    stream.push(line === undefined ? null : format(line))
  })
  stream.once('close', stop)
  return stream
}

function selectLines(lines: readonly LogLine[], options: ContainerLogOptions): readonly LogLine[] {
  const { tailLines, sinceSeconds } = options
  const earliestMs = sinceSeconds === undefined ? 0 : Date.now() - sinceSeconds * 1000
  const recent = lines.filter((line) => line.atEpochMs >= earliestMs)
  return tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines))
}
