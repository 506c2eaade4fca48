import { setImmediate as turn } from 'node:timers/promises'
import { pause } from '../../base/pause.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { ApiError } from '../api-client.ts'
import { BackOff } from './back-off.ts'
import { Blindness } from './blindness.ts'
import { listPages } from './list-pages.ts'
import { ObjectCache, type ObjectChange } from './object-cache.ts'
import type { RawObject } from './raw-object.ts'
import type { ReflectOptions } from './reflect-options.ts'
import { readLines } from './read-lines.ts'
import { errorEnd, nonsenseEnd, type WatchEnd } from './watch-end.ts'
import { readMessage } from './watch-message.ts'

export type { Arrival, Gap } from './blindness.ts'
export type { ReflectOptions } from './reflect-options.ts'

/** Nothing for so long, not even a bookmark (sent about once a minute), means a dead connection. */
const INACTIVITY_MS = 150_000
/** A watch that lasted as long may be followed by another at once: that is 0.25 a second at most. */
const LASTING_US = 4_000_000
const TOLD_AT_ONCE = 200
/** After so many failures in a row the version itself is in doubt. */
const MAX_FAILURES = 5

/**
 * Lists a collection and watches it until the signal aborts, as client-go's reflector does: bookmarks, paging,
 * jittered back-off, a new list after 410, the old resourceVersion kept otherwise. Each time in which nothing
 * could be seen is told as a gap. Resolves when the first list has been told, or with its error.
 */
export async function reflect<Raw extends RawObject, Facts>(
  options: ReflectOptions<Raw, Facts>,
): Promise<Result<void, ApiError>> {
  const reflector = new Reflector(options)
  const first = await reflector.list(undefined)
  if (!first.ok) return first
  void reflector.watchUntilAborted()
  return succeed(undefined)
}

class Reflector<Raw extends RawObject, Facts> {
  readonly #options: ReflectOptions<Raw, Facts>
  readonly #cache: ObjectCache<Raw, Facts>
  readonly #backOff: BackOff
  readonly #blindness: Blindness
  #resourceVersion = ''
  /** Something came in the watch of now. */
  #hasSeen = false

  constructor(options: ReflectOptions<Raw, Facts>) {
    this.#options = options
    this.#cache = new ObjectCache(options.project)
    this.#backOff = new BackOff(options.random)
    this.#blindness = new Blindness(options.onGap, options.onBlind)
  }

  /** Lists, from a version on or the newest, and tells what changed since what was known. */
  async list(resourceVersion: string | undefined): Promise<Result<void, ApiError>> {
    const { client, path, query, signal } = this.#options
    const listed = await listPages({
      client,
      path,
      take: (raw: Raw) => this.#cache.know(raw),
      signal,
      ...(query && { query }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    })
    if (!listed.ok) return fail(listed.error)
    if (this.#isStopped()) return succeed(undefined)
    this.#resourceVersion = listed.value.resourceVersion
    // Ten thousand at once would keep everything else waiting.
    const at = this.#blindness.arrivalAt(this.#options.nowUs())
    let told = 0
    for (const change of this.#cache.replace(listed.value.objects)) {
      this.#tell([change], at)
      if (++told % TOLD_AT_ONCE === 0) await turn()
    }
    return succeed(undefined)
  }

  async watchUntilAborted(): Promise<void> {
    const { nowUs, signal } = this.#options
    signal.addEventListener('abort', () => this.#blindness.end(nowUs()), { once: true })
    let failures = 0
    while (!this.#isStopped()) {
      const startedUs = nowUs()
      const end = await this.#watchOnce()
      if (this.#isStopped()) return
      const endedUs = nowUs()
      this.#blindness.begin(end.silentSinceUs ?? endedUs, end.why)
      const isLasting = endedUs - startedUs >= LASTING_US
      failures = isLasting || this.#hasSeen ? 0 : failures + 1
      if (end.isTrouble || !isLasting) await this.#pause(end.retryAfterMs)
      if (end.next === 'list' || failures >= MAX_FAILURES) {
        await this.#relist(end.isTooNew === true)
        failures = 0
      }
    }
  }

  #isStopped(): boolean {
    return this.#options.signal.aborted
  }

  /** At least as fresh as what was seen last; the newest when the server does not have that (any more, or yet). */
  async #relist(wantsNewest: boolean): Promise<void> {
    let isNewest = wantsNewest
    while (!this.#isStopped()) {
      const listed = await this.list(isNewest ? undefined : this.#resourceVersion)
      if (listed.ok) return
      const { next, isTooNew } = errorEnd(listed.error)
      const isUnavailable = next === 'list' || isTooNew === true
      if (isUnavailable && !isNewest) isNewest = true
      else await this.#pause(listed.error.retryAfterMs)
    }
  }

  async #pause(retryAfterMs: number | undefined): Promise<void> {
    const { nowUs, signal, wait = pause } = this.#options
    await wait(this.#backOff.next(nowUs(), retryAfterMs), signal)
  }

  async #watchOnce(): Promise<WatchEnd> {
    const { client, path, query, random, signal, nowUs } = this.#options
    const { inactivityMs = INACTIVITY_MS } = this.#options
    const silence = new AbortController()
    let lastUs = nowUs()
    this.#hasSeen = false
    const timer = setTimeout(() => silence.abort(), inactivityMs)
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
        AbortSignal.any([signal, silence.signal]),
      )
      if (!opened.ok) return errorEnd(opened.error)
      if (this.#isStopped()) return nonsenseEnd('stopped')
      this.#blindness.end(nowUs())
      let end: WatchEnd | undefined
      const why = await readLines(opened.value, (line) => {
        timer.refresh()
        lastUs = nowUs()
        if (!end && !this.#isStopped()) end = this.#take(line)
        if (end) opened.value.destroy()
      })
      if (end) return end
      if (silence.signal.aborted)
        return { why: 'silence', next: 'watch', isTrouble: false, silentSinceUs: lastUs }
      return { why, next: why === 'line-too-long' ? 'list' : 'watch', isTrouble: false }
    } finally {
      clearTimeout(timer)
    }
  }

  /** Takes one line of a watch; gives the end when the line is one. */
  #take(line: string): WatchEnd | undefined {
    if (line === '') return undefined
    const message = readMessage<Raw>(line)
    if (message.type === 'end') return message.end
    this.#hasSeen = true
    if (message.type === 'BOOKMARK') {
      this.#advanceTo(message.resourceVersion)
      return undefined
    }
    const { type, object } = message
    const known = this.#cache.know(object)
    // A deletion may carry the object's last version; anything else as old as this was told before.
    const isNews = this.#advanceTo(known.resourceVersion)
    if (type === 'DELETED') this.#tell(this.#cache.remove(known))
    else if (isNews) this.#tell(this.#cache.put(known))
    return undefined
  }

  /** Goes on to a version, never back; false when it is none that is new. Versions that are no numbers are taken as they come. */
  #advanceTo(version: string): boolean {
    const [next, current] = [Number(version), Number(this.#resourceVersion)]
    if (Number.isSafeInteger(next) && Number.isSafeInteger(current) && next <= current) return false
    this.#resourceVersion = version
    return true
  }

  #tell(
    changes: readonly ObjectChange<Facts>[],
    at = this.#blindness.arrivalAt(this.#options.nowUs()),
  ): void {
    for (const { change, object } of changes) this.#options.onChange(change, object.facts, at)
  }
}
