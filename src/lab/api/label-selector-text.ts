import type { Result } from '../../base/result.ts'
import type { ApiError } from './api-error.ts'
import type { LabelRequirement, LabelSelector } from './kinds/label-selector.ts'
import { fail, succeed } from '../../base/result.ts'
import { badRequest } from './api-error.ts'

const KEY = '[A-Za-z0-9][-A-Za-z0-9_./]*'
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`)
const EQUALITY = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)$`)
const ORDER = new RegExp(`^(${KEY})\\s*([<>])\\s*(-?\\d+)$`)
const PRESENCE = new RegExp(`^(!?)\\s*(${KEY})$`)

/** The text of a `labelSelector` query, e.g. `app=web,tier!=cache,env in (a,b),!canary`. */
export function parseLabelSelector(text: string): Result<LabelSelector, ApiError> {
  const matchExpressions: LabelRequirement[] = []
  for (const part of splitOutsideParentheses(text)) {
    const requirement = parseRequirement(part)
    if (!requirement) {
      return fail(badRequest(`unable to parse requirement: found '${part}' in "${text}"`))
    }
    matchExpressions.push(requirement)
  }
  return succeed({ matchExpressions })
}

const splitOutsideParentheses = (text: string): string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter(Boolean)

function parseRequirement(text: string): LabelRequirement | undefined {
  const set = SET.exec(text)
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim())
    return { key: set[1] ?? '', operator: set[2] === 'in' ? 'In' : 'NotIn', values }
  }
  const equality = EQUALITY.exec(text)
  if (equality) {
    const operator = equality[2] === '!=' ? 'NotIn' : 'In'
    return { key: equality[1] ?? '', operator, values: [equality[3] ?? ''] }
  }
  const order = ORDER.exec(text)
  if (order) {
    const operator = order[2] === '>' ? 'Gt' : 'Lt'
    return { key: order[1] ?? '', operator, values: [order[3] ?? ''] }
  }
  const presence = PRESENCE.exec(text)
  if (!presence) return undefined
  return { key: presence[2] ?? '', operator: presence[1] ? 'DoesNotExist' : 'Exists' }
}

/** A LabelSelector in the form of a query, as `status.selector` of a Scale has it. */
export function formatLabelSelector(selector: LabelSelector): string {
  const equalities = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  )
  const expressions = (selector.matchExpressions ?? []).map(formatRequirement)
  return [...equalities, ...expressions].join(',')
}

function formatRequirement({ key, operator, values = [] }: LabelRequirement): string {
  switch (operator) {
    case 'In':
      return `${key} in (${values.join(',')})`
    case 'NotIn':
      return `${key} notin (${values.join(',')})`
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `!${key}`
    case 'Gt':
      return `${key}>${values.join()}`
    case 'Lt':
      return `${key}<${values.join()}`
  }
}
