import type { SparseHistogram } from './histogram.ts'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Uint8Array(128)
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value

/** Digits only, and a last one after which none follows. */
const SPARSE_TEXT = /^(?:[A-Za-z0-9+/]*[A-Za-f])?$/

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

/** Whether a text can be read back. */
export const isSparseText = (text: string): boolean => SPARSE_TEXT.test(text)

/** The way back, of a text of which {@link isSparseText} holds. */
export function sparseFromText(text: string): SparseHistogram {
  const sparse: number[] = []
  let index = 0
  let value = 0
  let scale = 1
  let isIndex = true
  for (let at = 0; at < text.length; at++) {
    const digit = VALUES[text.charCodeAt(at)] ?? 0
    value += (digit % RADIX) * scale
    if (digit >= RADIX) {
      scale *= RADIX
      continue
    }
    if (isIndex) index += value
    sparse.push(isIndex ? index : value)
    isIndex = !isIndex
    value = 0
    scale = 1
  }
  return sparse
}
