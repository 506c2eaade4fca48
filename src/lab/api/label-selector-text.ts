import type { Result } from '../../base/result.ts'
import type { ApiError } from './api-error.ts'
import type { LabelRequirement, LabelSelector } from './kinds/label-selector.ts'
import { fail, succeed } from '../../base/result.ts'
import { badRequest } from './api-error.ts'
import { LabelSelectorParser } from './label-selector-parser.ts'

/** The text of a `labelSelector` query, e.g. `app=web,tier!=cache,env in (a,b),!canary`. */
export function parseLabelSelector(text: string): Result<LabelSelector, ApiError> {
  const requirements = new LabelSelectorParser(text).parse()
  return typeof requirements === 'string'
    ? fail(badRequest(requirements))
    : succeed({ matchExpressions: [...requirements] })
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
