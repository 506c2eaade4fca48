import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monotonicUs } from '../../../src/base/clock.ts'
import type { Random } from '../../../src/base/random.ts'
import type { RawObject } from '../../../src/cluster/watch/raw-object.ts'

/** What the API server of the test holds: an object with a value that counts its changes. */
export interface Counted extends RawObject {
  readonly value: number
}

/** What truly happened, as a watch of `app=web` must tell it. */
export interface LedgerEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly version: number
  readonly object: Counted
  readonly atUs: number
}

export const FAULTS = [
  'reset',
  'clean end',
  'half a line',
  'black hole',
  'malformed line',
  'line without an object',
  '410 in the stream',
  '410 as status',
  '410 on a page',
  '410 on the list from a version',
  '429 in the stream',
  '429 as status',
  '500 in the stream',
  '500 as status',
  'unknown error in the stream',
  'too large a version',
  'list is refused twice',
  'cut before the answer',
  'old events again',
  'old bookmark',
] as const

export type Fault = (typeof FAULTS)[number]

/** The faults after which the version is of no use, so that a list must follow. */
export const NEED_LIST: ReadonlySet<Fault> = new Set<Fault>([
  'malformed line',
  'line without an object',
  '410 in the stream',
  '410 as status',
  '410 on a page',
  '410 on the list from a version',
  'unknown error in the stream',
  'too large a version',
  'list is refused twice',
])

const PAGE = 16
const NAMES = 40

/** An API server over real sockets with a ledger of what it emitted; faults strike the watch of the moment. */
export class HostileWatchApi {
  readonly ledger: LedgerEvent[] = []
  /** Versions that a watch was asked to start from, with the newest version sent until then. */
  readonly resumed: { readonly version: number; readonly newestSent: number }[] = []
  readonly bookmarks = new Set<number>()
  /** For each list that was asked for: the version that the asker had, and the list's. */
  readonly listed: { readonly from: number; readonly to: number }[] = []
  port = 0
  readonly #random: Random
  readonly #objects = new Map<string, Counted>()
  readonly #server = createServer((request, response) => this.#take(request, response))
  readonly #snapshots = new Map<string, readonly Counted[]>()
  #version = 100
  #uids = 0
  #compactedTo = 0
  #newestSent = 0
  #watcher: ServerResponse | undefined
  #isMute = false
  /** The version that the last watch asked to start from, even if it was refused. */
  #lastAsked = 0
  /** What the next watch, list, or later page is answered with. */
  #nextWatch: readonly [number, string, string?] | 'cut' | undefined
  #nextLists: (readonly [number, string, string?])[] = []
  #nextPage: readonly [number, string] | undefined
  readonly #waiting: (() => void)[] = []

  constructor(random: Random) {
    this.#random = random
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.port = (this.#server.address() as AddressInfo).port
    return `http://127.0.0.1:${this.port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** The objects that a list of `app=web` has, by name. */
  get matching(): ReadonlyMap<string, Counted> {
    return new Map([...this.#objects].filter(([, object]) => isWeb(object)))
  }

  /** Resolves when a watch is open and nothing of a fault is left. */
  async isWatched(): Promise<void> {
    while (!this.#watcher || this.#isMute || this.#nextWatch || this.#nextPage)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** One change: an object comes, changes, goes, comes again as another, or moves in or out of the selector. */
  change(): void {
    const name = `pod-${this.#random.below(NAMES)}`
    const old = this.#objects.get(name)
    const dice = this.#random.next()
    if (!old) this.#put(this.#made(name, dice < 0.9 ? 'web' : 'other', `uid-${this.#uids++}`, 0))
    else if (dice < 0.6) this.#put(this.#made(name, appOf(old), old.metadata.uid, old.value + 1))
    else if (dice < 0.75)
      this.#put(this.#made(name, isWeb(old) ? 'other' : 'web', old.metadata.uid, old.value + 1))
    else {
      this.#delete(old)
      if (dice < 0.9) this.#put(this.#made(name, 'web', `uid-${this.#uids++}`, 0))
    }
    if (this.#random.next() < 0.05) this.#bookmark()
  }

  strike(fault: Fault): void {
    const status = (code: number, reason: string, message = reason) =>
      this.#line({ type: 'ERROR', object: { kind: 'Status', code, reason, message } })
    switch (fault) {
      case 'reset':
        this.#watcher?.socket?.resetAndDestroy()
        this.#drop()
        return
      case 'clean end':
        this.#end()
        return
      case 'half a line':
        this.#watcher?.write('{"type":"MODIFIED","object":{"metadata":{"name":"pod-1",')
        this.#end()
        return
      case 'black hole':
        this.#isMute = true
        return
      case 'malformed line':
        this.#watcher?.write('{"type":"ADDED",,}\n')
        this.#drop()
        return
      case 'line without an object':
        this.#line({ type: 'MODIFIED' })
        this.#drop()
        return
      case '410 in the stream':
        this.#compact()
        status(410, 'Expired')
        this.#end()
        return
      case '410 as status':
        this.#nextWatch = [410, 'Expired']
        this.#end()
        return
      case '410 on a page':
        this.#compact()
        this.#nextPage = [410, 'Expired']
        status(410, 'Expired')
        this.#end()
        return
      case '410 on the list from a version':
        this.#nextLists = [[410, 'Expired']]
        this.#nextWatch = [410, 'Expired']
        this.#end()
        return
      case '429 in the stream':
        status(429, 'TooManyRequests')
        this.#end()
        return
      case '429 as status':
        this.#nextWatch = [429, 'TooManyRequests']
        this.#end()
        return
      case '500 in the stream':
        status(500, 'InternalError')
        this.#end()
        return
      case '500 as status':
        this.#nextWatch = [500, 'InternalError']
        this.#end()
        return
      case 'unknown error in the stream':
        status(403, 'Forbidden')
        this.#drop()
        return
      case 'too large a version':
        this.#nextWatch = [504, 'Timeout', 'Too large resource version: 9, current: 1']
        this.#end()
        return
      case 'list is refused twice':
        this.#nextLists = [
          [404, 'NotFound'],
          [403, 'Forbidden'],
        ]
        this.#nextWatch = [410, 'Expired']
        this.#end()
        return
      case 'cut before the answer':
        this.#nextWatch = 'cut'
        this.#end()
        return
      case 'old events again':
        for (const { type, object } of this.ledger.slice(-5))
          if (type !== 'DELETED') this.#line({ type, object })
        return
      case 'old bookmark':
        this.#line({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '101' } } })
    }
  }

  #made(name: string, app: string, uid: string, value: number): Counted {
    const resourceVersion = String(++this.#version)
    return { metadata: { name, uid, resourceVersion, labels: { app } }, value }
  }

  #put(object: Counted): void {
    const { name } = object.metadata
    const old = this.#objects.get(name)
    this.#objects.set(name, object)
    const wasWeb = old !== undefined && isWeb(old)
    if (isWeb(object)) this.#emit(wasWeb ? 'MODIFIED' : 'ADDED', object)
    else if (wasWeb) this.#emit('DELETED', object)
  }

  #delete(old: Counted): void {
    this.#objects.delete(old.metadata.name)
    const object = this.#made(old.metadata.name, appOf(old), old.metadata.uid, old.value)
    if (isWeb(old)) this.#emit('DELETED', object)
  }

  #emit(type: LedgerEvent['type'], object: Counted): void {
    const version = Number(object.metadata.resourceVersion)
    this.ledger.push({ type, version, object, atUs: monotonicUs() })
    this.#line({ type, object })
  }

  #bookmark(): void {
    if (!this.#watcher || this.#isMute) return
    this.bookmarks.add(this.#version)
    const resourceVersion = String(this.#version)
    this.#line({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } })
    this.#newestSent = this.#version
  }

  #line(message: { readonly type: string; readonly object?: unknown }): void {
    if (!this.#watcher || this.#isMute) return
    this.#watcher.write(`${JSON.stringify(message)}\n`)
    const version = Number(
      (message.object as Partial<Counted> | undefined)?.metadata?.resourceVersion,
    )
    if (version > this.#newestSent) this.#newestSent = version
  }

  #end(): void {
    this.#watcher?.end()
    this.#drop()
  }

  #drop(): void {
    this.#watcher = undefined
    this.#isMute = false
  }

  #compact(): void {
    this.#compactedTo = this.#version
    this.#snapshots.clear()
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { searchParams } = new URL(request.url ?? '', 'http://api')
    if (searchParams.get('watch') === 'true')
      this.#watch(Number(searchParams.get('resourceVersion')), response)
    else this.#list(searchParams, response)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const token = query.get('continue')
    if (token === null) {
      const asked = query.get('resourceVersion')
      const from = asked === null ? this.#lastAsked : Number(asked)
      this.listed.push({ from, to: this.#version })
    }
    const refusal = token === null ? this.#nextLists.shift() : this.#nextPage
    if (token !== null) this.#nextPage = undefined
    if (refusal) {
      answer(response, ...refusal)
      return
    }
    const [version = '', from = '0'] = token?.split(':') ?? [String(this.#version)]
    if (token === null) this.#snapshots.set(version, [...this.matching.values()])
    const all = this.#snapshots.get(version)
    if (!all) {
      answer(response, 410, 'Expired')
      return
    }
    const to = Number(from) + PAGE
    const metadata = {
      resourceVersion: version,
      ...(to < all.length && { continue: `${version}:${to}` }),
    }
    this.#newestSent = Math.max(this.#newestSent, Number(version))
    response.end(JSON.stringify({ metadata, items: all.slice(Number(from), to) }))
  }

  #watch(version: number, response: ServerResponse): void {
    const next = this.#nextWatch
    this.#lastAsked = version
    this.#nextWatch = undefined
    if (next === 'cut') return void response.socket?.destroy()
    if (next) {
      answer(response, ...next)
      return
    }
    this.resumed.push({ version, newestSent: this.#newestSent })
    if (version < this.#compactedTo) {
      answer(response, 410, 'Expired')
      return
    }
    this.#watcher = response
    this.#isMute = false
    response.on('close', () => {
      if (this.#watcher === response) this.#drop()
    })
    response.writeHead(200).flushHeaders()
    for (const event of this.ledger) if (event.version > version) this.#line(event)
  }
}

function answer(response: ServerResponse, code: number, reason: string, message = reason): void {
  response.writeHead(code, code === 429 ? { 'retry-after': '0' } : {})
  response.end(JSON.stringify({ kind: 'Status', code, reason, message }))
}

const appOf = (object: Counted) => object.metadata.labels?.['app'] ?? ''
const isWeb = (object: Counted) => appOf(object) === 'web'
