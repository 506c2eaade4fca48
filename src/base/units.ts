export const US_PER_MS = 1_000
export const US_PER_SECOND = 1_000_000

const UNIT_US = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const

const DURATION = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/
const DURATION_PART = /(\d+(?:\.\d+)?)(us|ms|s|m|h)/g

/**
 * Reads a duration such as `250ms`, `0.5s`, `1m30s` into whole microseconds.
 * A bare number has no meaning and gives undefined, as does anything else.
 */
export function parseDurationUs(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined
  let totalUs = 0
  for (const [, amount, unit] of text.matchAll(DURATION_PART)) {
    totalUs += Number(amount) * UNIT_US[unit as keyof typeof UNIT_US]
  }
  return Math.round(totalUs)
}

/** The shortest exact form that {@link parseDurationUs} reads back: 90 s gives `1m30s`. */
export function formatDurationUs(us: number): string {
  if (us === 0) return '0s'
  let rest = us
  let text = ''
  for (const unit of ['h', 'm', 's', 'ms', 'us'] as const) {
    const count = Math.floor(rest / UNIT_US[unit])
    if (count > 0) text += `${count}${unit}`
    rest -= count * UNIT_US[unit]
  }
  return text
}

/** A time for people, three significant digits: `350 µs`, `1.25 ms`, `12.0 s`. */
export function humanUs(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`
  if (us < 1_000_000) return `${significant(us / 1_000)} ms`
  if (us < 120_000_000) return `${significant(us / 1_000_000)} s`
  return `${Math.floor(us / 60_000_000)} m ${Math.round((us % 60_000_000) / 1_000_000)} s`
}

const significant = (value: number) =>
  value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2)

/** A share for people: `0 %`, `0.078 %`, `12.5 %`; never rounds a failure away to zero. */
export function humanShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %'
  const percent = (part / whole) * 100
  return `${percent < 0.001 ? '<0.001' : Number(percent.toPrecision(3))} %`
}

/** 12345 → `12,345`, in every locale. */
export const humanCount = (count: number): string =>
  String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** An instant of a run for people: seconds since its beginning with ms, `12.345`. */
export const humanAt = (atUs: number): string => (atUs / US_PER_SECOND).toFixed(3)

/** `1 pod`, `3 pods`. */
export const plural = (count: number, noun: string): string =>
  `${humanCount(count)} ${noun}${count === 1 ? '' : 's'}`

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A number of bytes for people, in powers of 1,000: `512 B`, `1.25 MB`. */
export function humanBytes(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** power
  return `${power === 0 ? value : significant(value)} ${BYTE_UNITS[power] ?? 'B'}`
}
