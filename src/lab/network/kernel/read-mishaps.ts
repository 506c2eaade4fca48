import { NODE_IP } from '../lab-addresses.ts'
import { CLOCK_PORT, MISHAPS } from './connection-truth-rules.ts'
import type { Mishap } from './connection-truth-rules.ts'

/** An entry of a set of the kernel. */
export interface SeenMishap {
  readonly mishap: Mishap
  /** Of the pod; of the Service when there was no pod. */
  readonly address: string
  readonly clientPort: number
  /** When it was, after the last tick of the sets' clock; negative before it. */
  readonly afterTickUs: number
}

interface Element {
  readonly address: string
  readonly clientPort: number
  readonly expiresUs: number
}

const SET = /set ([\w-]+) \{([^]*?)\n\t\}/g
const ELEMENT = /([\d.]+) \. (\d+)(?: timeout \w+)? expires (\w+)/g
const UNIT_US: Readonly<Record<string, number>> = { m: 60_000_000, s: 1_000_000, ms: 1000 }

/** Reads what `nft list table` prints of the sets (its JSON has whole seconds only); nothing of a set without a tick. */
export function readMishaps(listing: string): SeenMishap[] {
  return [...listing.matchAll(SET)].flatMap(([, name = '', text = '']) => {
    const elements = [...text.matchAll(ELEMENT)].map(readElement)
    const tick = elements.find(isTick)
    if (!isMishap(name) || !tick) return []
    return elements
      .filter((element) => element !== tick)
      .map(({ address, clientPort, expiresUs }) => ({
        mishap: name,
        address,
        clientPort,
        afterTickUs: expiresUs - tick.expiresUs,
      }))
  })
}

const isMishap = (name: string): name is Mishap => Object.hasOwn(MISHAPS, name)

const isTick = ({ address, clientPort }: Element): boolean =>
  address === NODE_IP && clientPort === CLOCK_PORT

const readElement = ([, address = '', port, expires = '']: RegExpMatchArray): Element => ({
  address,
  clientPort: Number(port),
  expiresUs: microseconds(expires),
})

/** e.g. of `1m2s40ms`. */
const microseconds = (text: string): number =>
  [...text.matchAll(/(\d+)(ms|m|s)/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNIT_US[unit] ?? 0),
    0,
  )
