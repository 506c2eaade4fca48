import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { PreparedRequest } from '../../../src/load/prepared-request.ts'
import { createRequestSource } from '../../../src/load/source/create-request-source.ts'
import type { RequestSource } from '../../../src/load/request-source.ts'
import type { AmmoSpec, LoadSpec } from '../../../src/scenario/scenario.ts'

const folder = mkdtempSync(join(tmpdir(), 'podtank-ammo-'))
let files = 0

/** Writes a file of a test's own. */
export function fileOf(content: string | Uint8Array): string {
  const path = join(folder, `file-${files++}`)
  writeFileSync(path, content)
  return path
}

/** A load with a test's changes. */
export const loadOf = (change: Partial<LoadSpec>): LoadSpec => ({
  schedule: [],
  connections: 'reuse',
  timeoutUs: 1_000_000,
  maxConnections: 10,
  identityHeader: 'x-pod-name',
  requests: [],
  ...change,
})

/** A source of ammo, read once unless the test says otherwise. */
export const ammoSource = (
  content: string | Uint8Array,
  ammo: Partial<AmmoSpec>,
  share = { index: 0, count: 1 },
): RequestSource =>
  createRequestSource(
    loadOf({ ammo: { path: fileOf(content), format: 'uri', loops: 1, ...ammo } }),
    { hostHeader: 'shop.test', share, seed: 1 },
  )

/** The next request, when it has been read. */
export async function nextOf(
  source: RequestSource,
  seq: number,
): Promise<PreparedRequest | 'ended'> {
  for (;;) {
    const next = source.next(seq)
    if (next !== 'not-yet') return next
    await setImmediate()
  }
}

/** Every request until the source has ended, at most `limit`. */
export async function takeAll(source: RequestSource, limit = 10_000): Promise<PreparedRequest[]> {
  const requests: PreparedRequest[] = []
  while (requests.length < limit) {
    const next = await nextOf(source, requests.length)
    if (next === 'ended') break
    requests.push(next)
  }
  source.close()
  return requests
}

/** A request as `METHOD /path tag`. */
export const shown = ({ method, path, tag }: PreparedRequest): string =>
  [method, path, ...(tag === undefined ? [] : [tag])].join(' ')
