import { hostname } from 'node:os'
import { nearestWord } from '../base/nearest.ts'
import type { StopCriterion, StopLevel } from './scenario.ts'
import { isStopMetric, STOP_METRICS } from './stop-metrics.ts'
import { tankDurationUs } from './tank/tank-duration.ts'

type Kind = StopCriterion['kind']
type Argument =
  | 'window'
  | 'duration'
  | 'limit'
  | 'quantile'
  | 'mask'
  | 'level'
  | 'share'
  | 'host'
  | 'metric'
  | 'value'

/** The arguments of each criterion (load-generators 3.2); those that end in `tag?` may name a tag last. */
const ARGUMENTS: Readonly<Record<Kind, readonly (Argument | 'tag?')[]>> = {
  time: ['limit', 'window', 'tag?'],
  quantile: ['quantile', 'limit', 'window', 'tag?'],
  limit: ['duration'],
  http: ['mask', 'level', 'window', 'tag?'],
  net: ['mask', 'level', 'window', 'tag?'],
  instances: ['level', 'window'],
  total_time: ['limit', 'share', 'window', 'tag?'],
  total_http: ['mask', 'level', 'window', 'tag?'],
  total_net: ['mask', 'level', 'window', 'tag?'],
  negative_http: ['mask', 'level', 'window', 'tag?'],
  negative_net: ['mask', 'level', 'window', 'tag?'],
  http_trend: ['mask', 'window', 'tag?'],
  metric_higher: ['host', 'metric', 'value', 'window'],
  metric_lower: ['host', 'metric', 'value', 'window'],
}

const KINDS = Object.keys(ARGUMENTS) as readonly Kind[]

const MAX_WINDOW_US = 86_400_000_000

/**
 * Reads one of Tank's autostop criteria, such as `http(5xx,10%,5s)`: bare numbers are ms as a limit on response
 * times and s as a window, as in Tank. Gives a sentence when it cannot.
 */
export function readStopCriterion(text: string): StopCriterion | string {
  const call = /^\s*([\w-]*)\s*\(([^()]*)\)\s*$/.exec(text)
  if (!call) return formProblem(text)
  const [, word = '', inner = ''] = call
  const kind = KINDS.find((known) => known === word)
  if (kind === undefined) return unknownKind(word)
  const given = inner.trim() === '' ? [] : inner.split(',').map((piece) => piece.trim())
  const wanted = ARGUMENTS[kind]
  const required = wanted.filter((argument) => argument !== 'tag?')
  if (given.length < required.length || given.length > wanted.length) {
    return `${kind} is written ${formOf(kind)}; here are ${given.length} arguments`
  }
  const read: Record<string, unknown> = { kind, text: text.trim() }
  for (const [at, argument] of required.entries()) {
    const value = READERS[argument](given[at] ?? '')
    if (typeof value === 'string') return `${kind}: ${value}`
    Object.assign(read, value)
  }
  const tag = given[required.length]
  if (tag === '') return `${kind}: the tag is empty`
  return { ...read, ...(tag !== undefined && { tag }) } as unknown as StopCriterion
}

const formOf = (kind: Kind): string =>
  `${kind}(${ARGUMENTS[kind].map((argument) => (argument === 'tag?' ? '[tag]' : argument)).join(',')})`

function formProblem(text: string): string {
  if (text.trim() === '') return 'the criterion is empty; one is written such as http(5xx,10%,5s)'
  const opened = text.split('(').length - 1
  const closed = text.split(')').length - 1
  if (opened > closed) return `a closing parenthesis is missing in "${text.trim()}"`
  if (opened < closed) return `an opening parenthesis is missing in "${text.trim()}"`
  if (opened > 1) return `"${text.trim()}" is more than one criterion; each is an entry of its own`
  return `"${text.trim()}" is not a criterion; one is written such as http(5xx,10%,5s)`
}

function unknownKind(word: string): string {
  if (word === 'steady_cumulative') {
    return "steady_cumulative has never worked in Yandex.Tank (it raises NotImplementedError), and is not here either; say what must not happen with one of the others, or end the load by its schedule's length"
  }
  const near = nearestWord(word, KINDS)
  return `"${word}" is not a stop criterion; ${
    near === undefined ? `there are ${KINDS.join(', ')}` : `did you mean "${near}"?`
  }`
}

const READERS: Readonly<Record<Argument, (text: string) => object | string>> = {
  window(text) {
    const windowUs = tankDurationUs(text, 's')
    if (windowUs === undefined || windowUs === 0 || windowUs > MAX_WINDOW_US) {
      return `"${text}" is not a window above 0 and up to a day, such as 10s (a bare number is seconds)`
    }
    return { windowUs }
  },
  duration(text) {
    const durationUs = tankDurationUs(text, 's')
    return durationUs === undefined || durationUs === 0
      ? `"${text}" is not a duration above 0, such as 1h (a bare number is seconds)`
      : { durationUs }
  },
  limit(text) {
    const limitUs = tankDurationUs(text, 'ms')
    return limitUs === undefined
      ? `"${text}" is not a response time, such as 500ms (a bare number is ms)`
      : { limitUs }
  },
  quantile(text) {
    const percent = numberOf(text)
    return percent === undefined || percent < 0 || percent > 100
      ? `"${text}" is not a quantile from 0 to 100, such as 95 or 99.9`
      : { quantile: Number((percent / 100).toFixed(9)) }
  },
  mask(text) {
    return /^[0-9xX]{1,4}$/.test(text)
      ? { mask: text.toLowerCase() }
      : `"${text}" is not a mask of a code, such as 503, 5xx or xx`
  },
  level(text) {
    const level = levelOf(text)
    return level ? { level } : `"${text}" is neither a count such as 10 nor a share from 0% to 100%`
  },
  share(text) {
    const level = levelOf(text)
    return level?.unit === 'share'
      ? { level }
      : `"${text}" is not a share from 0% to 100%, such as 10%`
  },
  host(text) {
    return isThisMachine(text, hostname())
      ? { host: text }
      : `"${text}" is another machine; only the generator's own is measured: localhost, generator, its name, or *`
  },
  metric(text) {
    if (isStopMetric(text)) return { metric: text }
    const known = Object.entries(STOP_METRICS).map(([name, unit]) =>
      unit === '' ? name : `${name} (${unit})`,
    )
    return `"${text}" is not a metric; there are ${known.join(', ')}`
  },
  value(text) {
    const value = numberOf(text.replace(/^-/, ''))
    return value === undefined
      ? `"${text}" is not a number`
      : { value: text.startsWith('-') ? -value : value }
  },
}

/** Whether a criterion's host, in which `*` stands for anything and `?` for one character, is this machine. */
function isThisMachine(mask: string, machine: string): boolean {
  const pattern = mask
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const matches = new RegExp(`^${pattern}$`, 'i')
  return ['localhost', '127.0.0.1', '::1', 'generator', machine].some((name) => matches.test(name))
}

function numberOf(text: string): number | undefined {
  return /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : undefined
}

function levelOf(text: string): StopLevel | undefined {
  const number = numberOf(text.replace(/\s*%$/, ''))
  if (number === undefined) return undefined
  if (!text.endsWith('%')) return { unit: 'count', count: number }
  return number <= 100 ? { unit: 'share', share: number / 100 } : undefined
}
