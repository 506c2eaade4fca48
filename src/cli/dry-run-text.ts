import { sanitize } from '../base/sanitize.ts'
import { humanCount, humanUs, plural } from '../base/units.ts'
import type { SentCall } from '../cluster/dry-run/dry-run-step.ts'
import type { DryRunDocument, ShownPart, ShownStep } from './dry-run-document.ts'

const LONGEST_BODY = 240
const LONGEST_TEXT = 600

/** What would be done, step by step, and what the API server says to it, for people. */
export function dryRunText(document: DryRunDocument): string {
  const { load, lock, steps } = document
  const requests =
    load.plannedRequests === undefined ? '' : `${humanCount(load.plannedRequests)} requests in `
  return [
    `context    ${document.context}, API server ${document.server}`,
    `workload   ${document.workload} in namespace ${document.namespace}`,
    `address    ${document.address}`,
    `load       ${requests}${humanUs(load.plannedDurationUs)}; none of it is sent`,
    '',
    '0  lock of the run',
    ...partLines('', lock, []),
    ...steps.flatMap((step, index) => stepLines(step, index + 1)),
    '',
    summary(document),
  ]
    .map((line) => sanitize(line, 2_000))
    .join('\n')
}

function stepLines(
  { label, line, parallel, change, wayBack, fields, notes }: ShownStep,
  number: number,
): readonly string[] {
  const head = `${number}  ${label}  (line ${line}${parallel === undefined ? '' : `, in parallel ${parallel}`})`
  if (change.verdict === 'none' && change.text === undefined) return [head]
  const changes = fields.map(({ object, path, from, to }) => {
    const values = from === undefined && to === undefined ? '' : ` ${value(from)} → ${value(to)}`
    return `${object} ${path.slice(1).replaceAll('/', '.')}${values}`
  })
  return [
    head,
    ...partLines('change', change, changes),
    ...partLines('way back', wayBack, []),
    ...notes.map((note) => `   note      ${note}`),
  ]
}

function value(plain: unknown): string {
  if (plain === undefined) return '…'
  return typeof plain === 'string' ? plain : JSON.stringify(plain)
}

const VERDICTS = {
  accepted: '✓ accepted',
  refused: '✗ refused',
  impossible: '✗ would fail',
  'not-now': '? not now',
  unknown: '? cannot be dry-run',
  none: '–',
} as const satisfies Record<ShownPart['verdict'], string>

function partLines(
  name: string,
  { verdict, calls, text }: ShownPart,
  changes: readonly string[],
): readonly string[] {
  const said = [...changes, ...(text === undefined ? [] : [text.slice(0, LONGEST_TEXT)])].join('; ')
  const outcome = `${VERDICTS[verdict]}${said === '' ? '' : `${verdict === 'none' ? ' ' : ': '}${said}`}`
  const lines = [...calls.map(callText), outcome]
  return lines.map((line, at) => `   ${(at === 0 ? name : '').padEnd(10)}${line}`)
}

/** The body of a PATCH is the change; of the others only the grace is of interest. */
function callText({ method, path, body }: SentCall): string {
  const line = `${method} ${path}`
  if (method === 'PATCH') {
    const text = JSON.stringify(body)
    return `${line} ${text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}…` : text}`
  }
  const { deleteOptions, gracePeriodSeconds } = (body ?? {}) as {
    readonly deleteOptions?: { readonly gracePeriodSeconds?: number }
    readonly gracePeriodSeconds?: number
  }
  const grace = gracePeriodSeconds ?? deleteOptions?.gracePeriodSeconds
  return grace === undefined ? line : `${line} gracePeriodSeconds=${grace}`
}

function summary({ lock, steps }: DryRunDocument): string {
  const parts = [lock, ...steps.flatMap(({ change, wayBack }) => [change, wayBack])]
  const count = (...verdicts: readonly ShownPart['verdict'][]) =>
    parts.filter(({ verdict }) => verdicts.includes(verdict)).length
  const bad = count('refused', 'impossible')
  const open = count('unknown', 'not-now')
  const changes = steps.filter(({ change }) => change.verdict === 'accepted').length
  const backs = steps.filter(({ wayBack }) => wayBack.verdict === 'accepted').length
  return [
    `dry run    ${plural(changes, 'change')} and ${plural(backs, 'way')} back accepted`,
    ...(bad > 0 ? [`${bad} would fail`] : []),
    ...(open > 0 ? [`${open} cannot be known before`] : []),
    'nothing was changed',
  ].join('; ')
}
