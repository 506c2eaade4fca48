import { closeSync, openSync, readSync } from 'node:fs'

const LOOK_EVERY_MS = 200
const CHUNK_BYTES = 65_536

/** Tells each whole line of a growing file, which need not be there yet. Gives the way to stop, which looks once more. */
export function followLines(path: string, onLine: (line: string) => void): () => void {
  const chunk = Buffer.alloc(CHUNK_BYTES)
  let file: number | undefined
  let rest = ''
  const look = () => {
    file ??= openIfThere(path)
    if (file === undefined) return
    for (let read = 1; read > 0;) {
      read = readSync(file, chunk, 0, CHUNK_BYTES, null)
      const lines = (rest + chunk.toString('utf8', 0, read)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    }
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return () => {
    clearInterval(timer)
    look()
    if (file !== undefined) closeSync(file)
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}
