/** An age as kubectl prints it, e.g. `45s`, `3m20s`, `5h`, `12d`. */
export function humanDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${String(seconds)}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return joined(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${String(minutes)}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return joined(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${String(hours)}h`
  const days = Math.floor(hours / 24)
  if (days < 8) return joined(days, 'd', hours % 24, 'h')
  if (days < 730) return `${String(days)}d`
  const years = Math.floor(days / 365)
  return years < 8 ? joined(years, 'y', days % 365, 'd') : `${String(years)}y`
}

const joined = (whole: number, unit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${String(whole)}${unit}` : `${String(whole)}${unit}${String(rest)}${restUnit}`

/** The time since an RFC 3339 instant, as kubectl prints it. */
export const ageOf = (time: string | undefined | null, nowMs: number = Date.now()): string =>
  time ? humanDuration(nowMs - Date.parse(time)) : '<unknown>'
