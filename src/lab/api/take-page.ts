import type { Result } from '../../base/result.ts'
import type { ApiError } from './api-error.ts'
import type { KubeObject } from './store.ts'
import type { WatchCache } from './watch-cache.ts'
import { fail, succeed } from '../../base/result.ts'
import { badRequest } from './api-error.ts'
import { asObject } from './patch/json-object.ts'

/** A metav1.ListMeta. */
export interface ListMeta {
  readonly resourceVersion: string
  /** Asks for the next page; absent on the last. */
  readonly continue?: string
}

export interface Page {
  readonly items: readonly KubeObject[]
  readonly metadata: ListMeta
}

/**
 * The part of a list that `limit` and `continue` ask for, sorted as etcd sorts its keys. Later pages keep the first
 * one's resourceVersion but show the objects as they are now: the lab keeps no old versions.
 */
export function takePage(
  objects: readonly KubeObject[],
  query: URLSearchParams,
  cache: WatchCache,
): Result<Page, ApiError> {
  const token = query.get('continue') ?? ''
  const version = String(cache.version())
  const from = token === '' ? { resourceVersion: version, after: '' } : readToken(token)
  if (!from) {
    return fail(
      badRequest('invalid continue token: continue key is not valid: not made by this server'),
    )
  }
  const { resourceVersion, after } = from
  if (Number(resourceVersion) < cache.compactedVersion()) {
    return fail(expiredToken(writeToken({ resourceVersion: version, after })))
  }
  const sorted = objects
    .filter((object) => token === '' || keyOf(object) > after)
    .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  const limit = Number(query.get('limit') ?? 0)
  const items = limit > 0 ? sorted.slice(0, limit) : sorted
  const last = items.at(-1)
  const isWhole = !last || items.length === sorted.length
  const next = isWhole ? {} : { continue: writeToken({ resourceVersion, after: keyOf(last) }) }
  return succeed({ items, metadata: { resourceVersion, ...next } })
}

/** The token inside it reads the rest as it is now. */
const expiredToken = (next: string): ApiError => ({
  reason: 'Expired',
  message:
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
    'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
    'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
    'deleted between the time the first chunk was returned and now may show up in the list.',
  continue: next,
})

interface Token {
  readonly resourceVersion: string
  readonly after: string
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`

const writeToken = (token: Token): string =>
  Buffer.from(JSON.stringify(token)).toString('base64url')

function readToken(text: string): Token | undefined {
  try {
    const { resourceVersion, after } = asObject(
      JSON.parse(Buffer.from(text, 'base64url').toString('utf8')),
    ) as Partial<Token>
    return resourceVersion !== undefined && after !== undefined
      ? { resourceVersion, after }
      : undefined
  } catch {
    return undefined
  }
}
