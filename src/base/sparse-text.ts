import type { SparseHistogram } from './histogram.ts'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]))
/** A digit carries five bits; the sixth says that more follow. */
const RADIX = 32

/**
 * A sparse histogram as text: for each bucket the distance of its index from the one before, then its count, each
 * as base-64 digits of five bits, the lowest first (as in source maps, without sign). A third of its JSON.
 */
export function sparseToText(sparse: SparseHistogram): string {
  let text = ''
  let before = 0
  for (let at = 0; at + 1 < sparse.length; at += 2) {
    const index = sparse[at] ?? 0
    text += digits(index - before) + digits(sparse[at + 1] ?? 0)
    before = index
  }
  return text
}

function digits(value: number): string {
  let text = ''
  let rest = value
  while (rest >= RADIX) {
    text += DIGITS.charAt(RADIX + (rest % RADIX))
    rest = Math.floor(rest / RADIX)
  }
  return text + DIGITS.charAt(rest)
}

/** The way back; undefined when the text is not one of ours. */
export function sparseFromText(text: string): SparseHistogram | undefined {
  const sparse: number[] = []
  let index = 0
  let value = 0
  let scale = 1
  for (let at = 0; at < text.length; at++) {
    const digit = VALUES.get(text.charCodeAt(at))
    if (digit === undefined) return undefined
    value += (digit % RADIX) * scale
    scale *= RADIX
    if (digit >= RADIX) continue
    if (sparse.length % 2 === 0) index += value
    sparse.push(sparse.length % 2 === 0 ? index : value)
    value = 0
    scale = 1
  }
  return scale === 1 && sparse.length % 2 === 0 ? sparse : undefined
}
