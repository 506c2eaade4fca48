import { createWriteStream } from 'node:fs'
import type { OutputStream } from './runtime/container-process.ts'

const KEPT_LINES = 10_000

export interface LogLine {
  /** RFC 3339 in nanoseconds. */
  readonly time: string
  readonly atEpochMs: number
  readonly text: string
}

/** The output of one run of a container: its last lines in memory, all of it in a file. */
export interface ContainerLog {
  /** At most the last 10,000. */
  readonly lines: readonly LogLine[]
  readonly ended: boolean
  append(stream: OutputStream, chunk: Buffer): void
  /** The container is gone; an unfinished line counts as one. */
  end(): void
  /** Calls back for each new line, and once with undefined at the end. Gives the way to stop. */
  follow(listener: (line: LogLine | undefined) => void): () => void
}

/** Opens a log that also appends to `path`, in the format of a container runtime (CRI). */
export function createContainerLog(path: string): ContainerLog {
  const file = createWriteStream(path, { flags: 'a' })
  // A full disk costs the file, not the pod.
  file.on('error', () => undefined)
  const lines: LogLine[] = []
  const partial = { stdout: '', stderr: '' }
  const listeners = new Set<(line: LogLine | undefined) => void>()
  let ended = false

  const add = (stream: OutputStream, text: string) => {
    const line = { ...now(), text }
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
    file.write(`${line.time} ${stream} F ${text}\n`)
    for (const listener of listeners) listener(line)
  }
  return {
    lines,
    get ended() {
      return ended
    },
    append: (stream, chunk) => {
      const pieces = (partial[stream] + chunk.toString()).split('\n')
      partial[stream] = pieces.pop() ?? ''
      for (const piece of pieces) add(stream, piece)
    },
    end: () => {
      if (ended) return
      for (const stream of ['stdout', 'stderr'] as const) {
        if (partial[stream] !== '') add(stream, partial[stream])
      }
      ended = true
      file.end()
      for (const listener of listeners) listener(undefined)
      listeners.clear()
    },
    follow: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function now(): { time: string; atEpochMs: number } {
  const atEpochMs = performance.timeOrigin + performance.now()
  const seconds = new Date(atEpochMs).toISOString().slice(0, 19)
  const nanos = String(Math.floor((atEpochMs % 1000) * 1000)).padStart(6, '0')
  return { time: `${seconds}.${nanos}000Z`, atEpochMs }
}
