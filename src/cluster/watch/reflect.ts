import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../base/random.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiClient, ApiError } from '../api-client.ts'
import type { ChangeType } from '../cluster-change.ts'
import { BackOff } from './back-off.ts'
import { ObjectCache, type ObjectChange } from './object-cache.ts'
import type { RawObject } from './raw-object.ts'
import { readLines } from './read-lines.ts'

export interface ReflectOptions<Raw extends RawObject> {
  readonly client: ApiClient
  /** Of the collection, such as `/api/v1/namespaces/shop/pods`. */
  readonly path: string
  /** Label and field selectors. */
  readonly query?: Readonly<Record<string, string>>
  readonly nowUs: () => number
  readonly random: Random
  readonly signal: AbortSignal
  readonly onChange: (change: ChangeType, object: Raw, at: Arrival) => void
  readonly onGap: (gap: { fromUs: number; toUs: number; why: string }) => void
}

/** When a change arrived; `notBeforeUs` is set when it was found by listing after a gap. */
export interface Arrival {
  readonly atUs: number
  readonly notBeforeUs?: number
}

/** Nothing for so long, not even a bookmark (sent about once a minute), means a dead connection. */
const INACTIVITY_MS = 150_000
const PAGE_SIZE = '500'

/**
 * Lists a collection and watches it until the signal aborts, as client-go's reflector does: bookmarks, paging,
 * jittered back-off, a new list after 410, the old resourceVersion kept otherwise. Each time in which nothing
 * could be seen is told as a gap. Resolves when the first list has been told, or with its error.
 */
export async function reflect<Raw extends RawObject>(
  options: ReflectOptions<Raw>,
): Promise<Result<void, ApiError>> {
  const reflector = new Reflector(options)
  const first = await reflector.list()
  if (!first.ok) return first
  void reflector.watchUntilAborted()
  return succeed(undefined)
}

/** How a watch ended: whether its resourceVersion still serves, and in words. */
interface WatchEnd {
  readonly isExpired: boolean
  readonly isError: boolean
  readonly why: string
}

class Reflector<Raw extends RawObject> {
  readonly #options: ReflectOptions<Raw>
  readonly #cache = new ObjectCache<Raw>()
  readonly #backOff: BackOff
  #resourceVersion = ''
  /** Set while nothing can be seen. */
  #blind: { readonly fromUs: number; readonly why: string } | undefined

  constructor(options: ReflectOptions<Raw>) {
    this.#options = options
    this.#backOff = new BackOff(options.random)
  }

  /** Lists all pages and tells what changed since what was known. */
  async list(): Promise<Result<void, ApiError>> {
    const { client, path, query } = this.#options
    const items: Raw[] = []
    let next: string | undefined
    do {
      const page = await client.call({
        method: 'GET',
        path,
        query: { ...query, limit: PAGE_SIZE, ...(next !== undefined && { continue: next }) },
      })
      if (!page.ok) return fail(page.error)
      const list = page.value as unknown as RawList<Raw>
      items.push(...list.items)
      this.#resourceVersion = list.metadata.resourceVersion
      next = list.metadata.continue === '' ? undefined : list.metadata.continue
    } while (next !== undefined)
    this.#tell(this.#cache.replace(items))
    return succeed(undefined)
  }

  async watchUntilAborted(): Promise<void> {
    const { nowUs } = this.#options
    while (!this.#isStopped()) {
      const startedUs = nowUs()
      const end = await this.#watchOnce()
      if (this.#isStopped()) return
      this.#blind ??= { fromUs: nowUs(), why: end.why }
      // A server that closes at once must not be asked again at once.
      if (end.isError || nowUs() - startedUs < 1_000_000) await this.#pause()
      if (end.isExpired) await this.#relist()
    }
  }

  #isStopped(): boolean {
    return this.#options.signal.aborted
  }

  async #relist(): Promise<void> {
    while (!this.#isStopped()) {
      const listed = await this.list()
      if (listed.ok) return
      await this.#pause()
    }
  }

  async #pause(): Promise<void> {
    const { nowUs, signal } = this.#options
    await sleep(this.#backOff.next(nowUs()), undefined, { signal }).catch(() => undefined)
  }

  async #watchOnce(): Promise<WatchEnd> {
    const { client, path, query, random, signal } = this.#options
    const inactivity = new AbortController()
    const timer = setTimeout(() => inactivity.abort(), INACTIVITY_MS)
    try {
      const opened = await client.open(
        {
          method: 'GET',
          path,
          query: {
            ...query,
            watch: 'true',
            resourceVersion: this.#resourceVersion,
            allowWatchBookmarks: 'true',
            timeoutSeconds: String(300 + random.below(300)),
          },
        },
        AbortSignal.any([signal, inactivity.signal]),
      )
      if (!opened.ok) {
        return { isExpired: opened.error.status === 410, isError: true, why: opened.error.reason }
      }
      this.#seeAgain()
      let bad: WatchEnd | undefined
      const why = await readLines(opened.value, (line) => {
        timer.refresh()
        bad ??= this.#take(line)
        if (bad) opened.value.destroy()
      })
      return bad ?? { isExpired: why === 'line-too-long', isError: why !== 'eof', why }
    } finally {
      clearTimeout(timer)
    }
  }

  /** Takes one line of a watch; gives the end when the line is one. */
  #take(line: string): WatchEnd | undefined {
    if (line === '') return undefined
    let message: WatchMessage<Raw>
    try {
      message = JSON.parse(line) as WatchMessage<Raw>
    } catch {
      return { isExpired: true, isError: true, why: 'malformed line' }
    }
    if (message.type === 'ERROR') {
      const isExpired = message.object.code === 410
      return { isExpired, isError: !isExpired, why: message.object.reason ?? 'watch error' }
    }
    this.#resourceVersion = message.object.metadata.resourceVersion
    if (message.type === 'DELETED') this.#tell(this.#cache.remove(message.object))
    else if (message.type !== 'BOOKMARK') this.#tell(this.#cache.put(message.object))
    return undefined
  }

  #seeAgain(): void {
    if (!this.#blind) return
    this.#options.onGap({ ...this.#blind, toUs: this.#options.nowUs() })
    this.#blind = undefined
  }

  #tell(changes: readonly ObjectChange<Raw>[]): void {
    const at: Arrival = {
      atUs: this.#options.nowUs(),
      ...(this.#blind && { notBeforeUs: this.#blind.fromUs }),
    }
    for (const { change, object } of changes) this.#options.onChange(change, object, at)
  }
}

interface RawList<Raw> {
  readonly items: readonly Raw[]
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
}

type WatchMessage<Raw> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: Raw }
  | {
      readonly type: 'ERROR'
      readonly object: { readonly code?: number; readonly reason?: string }
    }
