import type { Readable } from 'node:stream'

/** A line longer than this ends the stream: no real object is as large. */
const MAX_LINE_BYTES = 8 * 1024 * 1024
/** After so much everything else has its turn: Node reads on, up to 2 MB at once, as long as there is more. */
const TURN_BYTES = 128 * 1024

/**
 * Calls back for each line as soon as its last byte arrives. Resolves with why the stream ended:
 * `eof`, `line-too-long`, or the error's code.
 */
export function readLines(stream: Readable, onLine: (line: string) => void): Promise<string> {
  return new Promise((resolve) => {
    let rest: Buffer[] = []
    let restBytes = 0
    let turnBytes = 0
    stream.on('data', (chunk: Buffer) => {
      let from = 0
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        onLine(lineOf(rest, chunk, from, end))
        rest = []
        restBytes = 0
        from = end + 1
      }
      if (from < chunk.length) rest.push(chunk.subarray(from))
      restBytes += chunk.length - from
      if (restBytes > MAX_LINE_BYTES) {
        resolve('line-too-long')
        stream.destroy()
      }
      turnBytes += chunk.length
      if (turnBytes < TURN_BYTES) return
      turnBytes = 0
      stream.pause()
      setImmediate(() => stream.resume())
    })
    stream.on('end', () => resolve('eof'))
    stream.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    stream.on('close', () => resolve('closed'))
  })
}

/** Most lines lie in one chunk: those are not copied first. */
function lineOf(rest: readonly Buffer[], chunk: Buffer, from: number, end: number): string {
  if (rest.length === 0) return chunk.toString('utf8', from, end)
  return Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8')
}
