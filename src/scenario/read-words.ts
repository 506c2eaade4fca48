/** What is wrong in a text of words such as `const(100,40s)`, and at which character of it. */
export interface WordsError {
  readonly message: string
  readonly offset: number
  readonly length: number
}

/** The parts that one word stands for, or a sentence that says what is wrong with it. */
export type WordReader<Part> = (
  word: string,
  args: readonly string[],
  before: readonly Part[],
) => readonly Part[] | string

const CALL = /\s*([A-Za-z]*)\s*\(([^()]*)\)/y
const MAX_PARTS = 10_000

/** Reads words with arguments one after another, `line(1,100,10s) const(100,40s)`, with blanks between or without. */
export function readWords<Part>(
  text: string,
  expected: string,
  readWord: WordReader<Part>,
): Part[] | WordsError {
  const parts: Part[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    CALL.lastIndex = at
    const call = CALL.exec(text)
    if (!call) return errorAt(text, at, `expected ${expected}`)
    const args = (call[2] ?? '').split(',').map((word) => word.trim())
    const read = readWord(call[1] ?? '', args, parts)
    if (typeof read === 'string') return errorAt(text, at, read, call[0].trim().length)
    parts.push(...read)
    if (parts.length > MAX_PARTS) return errorAt(text, at, `more than ${MAX_PARTS} parts`)
    at = CALL.lastIndex
  }
  return parts.length === 0 ? errorAt(text, 0, 'it is empty') : parts
}

function errorAt(text: string, at: number, message: string, length?: number): WordsError {
  const offset = at + (text.slice(at).length - text.slice(at).trimStart().length)
  return { message, offset, length: length ?? Math.max(1, text.length - offset) }
}

/** How many constant parts `step(from,to,by,…)` makes; both ends are in, and a last part when `by` does not divide. */
export function stepLevels(from: number, to: number, by: number): number[] | string {
  if (by === 0) return 'step needs an increment above 0'
  const steps = Math.floor(Math.abs(to - from) / by + 1e-9)
  if (steps >= MAX_PARTS) return `step makes more than ${MAX_PARTS} parts`
  const direction = to >= from ? 1 : -1
  const levels = Array.from({ length: steps + 1 }, (_, at) =>
    sixDecimals(from + direction * by * at),
  )
  return levels.at(-1) === to ? levels : [...levels, to]
}

// 0.1 + 0.2 is 0.30000000000000004; what a person can write has six decimals.
const sixDecimals = (value: number): number => Math.round(value * 1e6) / 1e6
