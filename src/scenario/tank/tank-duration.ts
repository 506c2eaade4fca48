const UNIT_US = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
  w: 604_800_000_000,
} as const

type Unit = keyof typeof UNIT_US

const FORM = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d|w))*(?:\d+(?:\.\d+)?)?$/
const PIECE = /(\d+(?:\.\d+)?)([a-z]*)/g

/**
 * Reads a duration as Tank writes it, µs: pieces add up (`27h103m645`), one without a unit has `bareUnit`. Unlike
 * Tank, which reads `0.5s` as 5 s, decimals are decimals. Undefined when it is none.
 */
export function tankDurationUs(text: string, bareUnit: Unit): number | undefined {
  if (text === '' || !FORM.test(text)) return undefined
  const us = [...text.matchAll(PIECE)].reduce(
    (sum, [, amount, unit]) =>
      sum + Number(amount) * UNIT_US[unit === '' ? bareUnit : (unit as Unit)],
    0,
  )
  return Math.round(us)
}
