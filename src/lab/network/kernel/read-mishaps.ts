import { MISHAPS, keptSeconds } from './connection-truth-rules.ts'
import type { Mishap } from './connection-truth-rules.ts'

/** An entry of a set of the kernel. */
export interface SeenMishap {
  readonly mishap: Mishap
  /** Of the pod; of the Service when there was no pod. */
  readonly address: string
  readonly clientPort: number
  /** Before the moment of reading. */
  readonly agoUs: number
}

const SET = /set ([\w-]+) \{([^]*?)\n\t\}/g
const ELEMENT = /([\d.]+) \. (\d+)(?: timeout \w+)? expires (\w+)/g
const UNIT_US: Readonly<Record<string, number>> = { m: 60_000_000, s: 1_000_000, ms: 1000 }

/** Reads what `nft list table` prints of the sets; of JSON it would be whole seconds only. */
export function readMishaps(listing: string): SeenMishap[] {
  return [...listing.matchAll(SET)].flatMap(([, name = '', elements = '']) => {
    if (!isMishap(name)) return []
    const keptUs = keptSeconds(name) * 1_000_000
    return [...elements.matchAll(ELEMENT)].map(([, address = '', port, expires = '']) => ({
      mishap: name,
      address,
      clientPort: Number(port),
      agoUs: keptUs - microseconds(expires),
    }))
  })
}

const isMishap = (name: string): name is Mishap => Object.hasOwn(MISHAPS, name)

/** e.g. of `1m2s40ms`. */
const microseconds = (text: string): number =>
  [...text.matchAll(/(\d+)(ms|m|s)/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNIT_US[unit] ?? 0),
    0,
  )
