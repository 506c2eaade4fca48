import { setImmediate as turn } from 'node:timers/promises'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiCall, ApiClient, ApiError } from '../api-client.ts'
import type { KnownObject } from './object-cache.ts'
import type { RawObject } from './raw-object.ts'
import { isObject } from './watch-message.ts'

export interface ListOptions<Raw extends RawObject, Facts> {
  readonly client: ApiClient
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Not older than this one; absent: the newest. */
  readonly resourceVersion?: string
  /** What is kept of an object. */
  readonly take: (raw: Raw) => KnownObject<Facts>
  readonly signal: AbortSignal
}

export interface Listed<Facts> {
  readonly resourceVersion: string
  readonly objects: readonly KnownObject<Facts>[]
}

const PAGE_SIZE = '500'
/** Between these everything else has its turn. */
const TAKEN_AT_ONCE = 100

/**
 * Lists a collection page by page, and keeps only what is taken of each. When the pages expire under way it
 * begins anew, once, and then asks for all at once, as client-go's pager does.
 */
export async function listPages<Raw extends RawObject, Facts>(
  options: ListOptions<Raw, Facts>,
): Promise<Result<Listed<Facts>, ApiError>> {
  for (const limit of [PAGE_SIZE, PAGE_SIZE, undefined]) {
    const listed = await listOnce(options, limit)
    if (listed.ok || !listed.error.isLaterPage || listed.error.status !== 410) return listed
  }
  return listOnce(options, undefined)
}

type PageError = ApiError & { readonly isLaterPage: boolean }

async function listOnce<Raw extends RawObject, Facts>(
  { client, path, query, resourceVersion, take, signal }: ListOptions<Raw, Facts>,
  limit: string | undefined,
): Promise<Result<Listed<Facts>, PageError>> {
  const objects: KnownObject<Facts>[] = []
  let next: string | undefined
  for (;;) {
    const call: ApiCall = {
      method: 'GET',
      path,
      signal,
      query: {
        ...query,
        ...(limit !== undefined && { limit }),
        ...(next !== undefined && { continue: next }),
        ...(next === undefined &&
          resourceVersion !== undefined && {
            resourceVersion,
            resourceVersionMatch: 'NotOlderThan',
          }),
      },
    }
    const page = await client.call(call)
    if (!page.ok) return fail({ ...page.error, isLaterPage: next !== undefined })
    const list = page.value as Partial<RawList>
    if (!Array.isArray(list.items) || typeof list.metadata?.resourceVersion !== 'string')
      return fail({ ...noList(path), isLaterPage: false })
    for (const [index, item] of (list.items as Raw[]).entries()) {
      if (index % TAKEN_AT_ONCE === 0) await turn()
      if (isObject(item)) objects.push(take(item))
    }
    next = list.metadata.continue === '' ? undefined : list.metadata.continue
    if (next === undefined)
      return succeed({ resourceVersion: list.metadata.resourceVersion, objects })
  }
}

interface RawList {
  readonly items: unknown
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
}

const noList = (path: string): ApiError => ({
  call: `GET ${path}`,
  reason: 'failed',
  message: 'the answer is not a list',
})
