import type { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'

/** A page of 500 objects of the largest usual size. */
const MAX_BYTES = 128 * 1024 * 1024
/** After so much everything else has its turn. */
const TURN_BYTES = 256 * 1024

/** The whole answer as text; rejects when it is too large. */
export async function readText(answer: Readable): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  let turnBytes = 0
  for await (const piece of answer) {
    const chunk = piece as Buffer
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new Error('the answer is too large')
    // Decoded at once, so that a page is not there twice.
    text += decoder.decode(chunk, { stream: true })
    turnBytes += chunk.length
    if (turnBytes < TURN_BYTES) continue
    turnBytes = 0
    await turn()
  }
  return text + decoder.decode()
}
