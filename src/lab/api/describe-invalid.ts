import type { ApiError, StatusDetails } from './api-error.ts'
import type { ResourceName } from './store.ts'
import { resourceKind } from './resource-kinds.ts'

/** What an Invalid is about: a kind of object, or e.g. the ListOptions of a request. */
export interface InvalidSubject {
  readonly kind: string
  readonly group: string
  readonly name: string
}

const CAUSES: Readonly<Record<string, string>> = {
  'Required value': 'FieldValueRequired',
  'Invalid value': 'FieldValueInvalid',
  'Unsupported value': 'FieldValueNotSupported',
  'Duplicate value': 'FieldValueDuplicate',
  'Not found': 'FieldValueNotFound',
  Forbidden: 'FieldValueForbidden',
}

const MISTAKE =
  /^(.+?): (Required value|Invalid value|Unsupported value|Duplicate value|Not found|Forbidden)[^]*$/

/** A refused object as the error that becomes a `Status`. */
export function describeInvalid(
  resource: ResourceName,
  name: string | undefined,
  mistakes: readonly string[],
): ApiError & { readonly reason: 'Invalid' } {
  const { kind, group } = resourceKind(resource)
  return describeInvalidSubject({ kind, group, name: name ?? '' }, mistakes)
}

/** The same for what is not an object of the store, such as a Scale or the options of a request. */
export function describeInvalidSubject(
  { kind, group, name }: InvalidSubject,
  mistakes: readonly string[],
): ApiError & { readonly reason: 'Invalid' } {
  const what = group === '' ? kind : `${kind}.${group}`
  const which = mistakes.length === 1 ? mistakes.join() : `[${mistakes.join(', ')}]`
  const details: StatusDetails = {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
    causes: mistakes.map(causeOf),
  }
  return { reason: 'Invalid', message: `${what} "${name}" is invalid: ${which}`, details }
}

/** The options of a request, e.g. `CreateOptions`, that are refused. */
export const describeInvalidOptions = (kind: string, mistake: string) =>
  describeInvalidSubject({ kind, group: 'meta.k8s.io', name: '' }, [mistake])

function causeOf(mistake: string) {
  const [, field = '', word = ''] = MISTAKE.exec(mistake) ?? []
  const message = field === '' ? mistake : mistake.slice(field.length + 2)
  return { reason: CAUSES[word] ?? 'FieldValueInvalid', message, field }
}
