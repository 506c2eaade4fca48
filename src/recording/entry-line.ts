import { isSparseText, sparseFromText, sparseToText } from '../base/sparse-text.ts'
import type { Entry } from './entry.ts'

/** Where a frame holds histograms. */
const HISTOGRAMS = new Set(['responseTime', 'serviceTime', 'sendLag', 'poolWait'])

/** An entry as its line of the recording: JSON, the histograms of a frame as text (format 2). */
export const entryLine = (entry: Entry): string =>
  entry.kind === 'frame' ? JSON.stringify(entry, packHistogram) : JSON.stringify(entry)

const packHistogram = (key: string, value: unknown): unknown =>
  HISTOGRAMS.has(key) && Array.isArray(value) ? sparseToText(value as number[]) : value

/**
 * Reads a line back; undefined when it is none. Histograms of a frame stay text until they are asked for, and are
 * not kept then: a long run at a high rate has too many of them to hold. Format 1 has them as lists.
 */
export function entryOfLine(line: string): Entry | undefined {
  try {
    const value = JSON.parse(line) as unknown
    if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined
    if (value.kind === 'frame') unpackHistograms(value)
    return value as Entry
  } catch {
    return undefined
  }
}

function unpackHistograms(holder: object): void {
  for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
    if (HISTOGRAMS.has(key) && typeof value === 'string') {
      if (!isSparseText(value)) throw new Error(`${key} is not a histogram`)
      Object.defineProperty(holder, key, { get: () => sparseFromText(value), enumerable: true })
    } else if (typeof value === 'object' && value !== null) unpackHistograms(value)
  }
}
