import { StringDecoder } from 'node:string_decoder'

const LONGEST_LINE = 2_000
const FIRST_LINES = 400
const LAST_LINES = 100

/** Takes what a command writes, in pieces. */
export interface CappedLines {
  take(chunk: Buffer): void
  /** To be called when no more comes. */
  end(): void
}

/**
 * Tells the lines of a stream: the first ones as they come, the last ones at its end with how many were left out between
 * them; an endless one costs no more memory than that. Longer lines are cut.
 */
export function cappedLines(onLine: (line: string) => void): CappedLines {
  const decoder = new StringDecoder('utf8')
  const last: string[] = []
  let count = 0
  let leftOut = 0
  let line = ''
  const tell = () => {
    const whole = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line
    line = ''
    count++
    if (count <= FIRST_LINES) {
      onLine(whole)
      return
    }
    last.push(whole)
    if (last.length <= LAST_LINES) return
    last.shift()
    leftOut++
  }
  const add = (text: string) => {
    if (line.length <= LONGEST_LINE) line += text.slice(0, LONGEST_LINE + 1 - line.length)
  }
  return {
    take(chunk) {
      const parts = decoder.write(chunk).split(/\r?\n/)
      for (const [at, part] of parts.entries()) {
        add(part)
        if (at < parts.length - 1) tell()
      }
    },
    end() {
      if (line !== '') tell()
      if (leftOut > 0) onLine(`… ${leftOut} lines are left out …`)
      for (const one of last) onLine(one)
    },
  }
}
