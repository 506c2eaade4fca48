/** What a piece of text means; colour only repeats what words and symbols say. */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'warn' | 'bad' | 'accent'

export interface Piece {
  readonly text: string
  readonly tone: Tone
}

/** One line of the screen. */
export type Line = readonly Piece[]

export const piece = (text: string, tone: Tone = 'plain'): Piece => ({ text, tone })

/** Ranges of characters that take two columns of a terminal (East Asian wide, emoji). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
]

function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x1100) return 1
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1
}

/** How many columns a text takes. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + columnsOf(character), 0)

export const lineWidth = (line: Line): number =>
  line.reduce((sum, { text }) => sum + widthOf(text), 0)

/** As much of a text as fits into so many columns, an ellipsis at its end when it was cut. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const character of text) {
    width += columnsOf(character)
    if (width > columns - 1) break
    kept += character
  }
  return columns > 0 ? `${kept}…` : ''
}

/** Like {@link cut}, but keeps the end: pods of a Deployment differ in it. */
export function cutStart(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  const reversed = Array.from(text).reverse().join('')
  const kept = Array.from(cut(reversed, columns)).reverse().join('')
  return kept
}

/** A text in exactly so many columns. */
export const left = (text: string, columns: number): string => {
  const short = cut(text, columns)
  return short + ' '.repeat(Math.max(0, columns - widthOf(short)))
}

/** The same, aligned to the right. */
export const right = (text: string, columns: number): string => {
  const short = cut(text, columns)
  return ' '.repeat(Math.max(0, columns - widthOf(short))) + short
}

/** A line in at most so many columns. */
export function cutLine(line: Line, columns: number): Line {
  const kept: Piece[] = []
  let room = columns
  for (const { text, tone } of line) {
    if (room <= 0) break
    kept.push({ text: cut(text, room), tone })
    room -= widthOf(text)
  }
  return kept
}

/** A line in exactly so many columns. */
export function fitLine(line: Line, columns: number): Line {
  const short = cutLine(line, columns)
  const room = columns - lineWidth(short)
  return room > 0 ? [...short, piece(' '.repeat(room))] : short
}

/** Blocks side by side, each as wide as it says; short ones are filled up with blanks. */
export function beside(
  blocks: readonly { readonly width: number; readonly lines: readonly Line[] }[],
): readonly Line[] {
  const height = Math.max(0, ...blocks.map(({ lines }) => lines.length))
  return Array.from({ length: height }, (_, row) =>
    blocks.flatMap(({ width, lines }) => fitLine(lines[row] ?? [], width)),
  )
}
