import type { ServerResponse } from 'node:http'
import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { Filter } from '../parse-filter.ts'
import type { Route } from '../parse-route.ts'
import type { KubeObject } from '../store.ts'
import type { RecordedChange } from '../watch-cache.ts'
import { refuse } from '../answer.ts'
import { isTrue, secondsIn } from '../api-context.ts'
import { badRequest, failureStatus } from '../api-error.ts'
import { parseFilter } from '../parse-filter.ts'
import { apiVersionOf } from '../resource-kinds.ts'
import { prefersTable, tableOf } from '../tables/table.ts'
import { rowObjectOf } from './read-objects.ts'

const BOOKMARK_INTERVAL_MS = 10_000
const DEFAULT_TIMEOUT_SECONDS = 2700
/** A client that reads this slowly is cut off; it lists again, as after any lost watch. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024

/** A watch: newline-delimited events from a resourceVersion on, until the timeout (k8s-mechanics 6.1, 7.3). */
export function watchObjects(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const { query } = request
  const filter = parseFilter(route, query)
  if (!filter.ok) return refuse(filter.error)
  const from = query.get('resourceVersion') ?? ''
  if (!/^\d*$/.test(from)) return refuse(badRequest(`Invalid value: "${from}": resourceVersion`))
  return {
    stream: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.flushHeaders()
      response.socket?.setNoDelay(true)
      const sender = eventSender(route, request, response)
      serveWatch({ context, route, query, filter: filter.value, response, ...sender })
    },
  }
}

/** What a watch needs to serve its client. */
interface WatchSession {
  readonly context: ApiContext
  readonly route: Route
  readonly query: URLSearchParams
  readonly filter: Filter
  readonly response: ServerResponse
  readonly send: (type: EventType, object: object) => void
  readonly end: () => void
}

function serveWatch(session: WatchSession): void {
  const { context, route, query, response, end } = session
  if (!sendPast(session)) {
    end()
    return
  }
  const unsubscribe = context.cache.subscribe(route.kind.resource, (change) => {
    tell(session, change)
  })
  const bookmarks = isTrue(query, 'allowWatchBookmarks')
  const bookmarkTimer = setInterval(() => {
    if (bookmarks) sendBookmark(session)
  }, BOOKMARK_INTERVAL_MS)
  const timeoutMs = (secondsIn(query, 'timeoutSeconds') ?? DEFAULT_TIMEOUT_SECONDS) * 1000
  const timeout = setTimeout(() => {
    if (bookmarks) sendBookmark(session)
    end()
  }, timeoutMs)
  response.once('close', () => {
    unsubscribe()
    clearInterval(bookmarkTimer)
    clearTimeout(timeout)
  })
}

/** What lies between the asked version and now; false when that is no longer known. */
function sendPast(session: WatchSession): boolean {
  const { context, route, query, filter, send } = session
  const { resource } = route.kind
  const from = Number(query.get('resourceVersion') ?? 0)
  const initialEvents = isTrue(query, 'sendInitialEvents')
  if (from === 0 || initialEvents) {
    for (const object of context.store.list(resource).filter(filter)) send('ADDED', object)
    if (initialEvents) sendBookmark(session, { 'k8s.io/initial-events-end': 'true' })
    return true
  }
  const missed = context.cache.changesSince(resource, from)
  if (!missed) send('ERROR', expired(from))
  for (const change of missed ?? []) tell(session, change)
  return missed !== undefined
}

function tell({ filter, send }: WatchSession, change: RecordedChange): void {
  const event = filterChange(change, filter)
  if (event) send(event.type, event.object)
}

/** Tells the version that the client has reached, with nothing else in it. */
function sendBookmark(
  { context, route, send }: WatchSession,
  annotations?: Record<string, string>,
): void {
  send('BOOKMARK', {
    kind: route.kind.kind,
    apiVersion: apiVersionOf(route.kind),
    metadata: {
      resourceVersion: String(context.cache.version()),
      creationTimestamp: null,
      ...(annotations ? { annotations } : {}),
    },
  })
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

/** Writes events to the client, until the fault that the request carries strikes, if there is one. */
function eventSender(
  route: Route,
  request: ApiRequest,
  response: ServerResponse,
): Pick<WatchSession, 'send' | 'end'> {
  const present = presenter(route, request)
  const fault = request.watchFault
  let untilStrike = fault?.afterEvents ?? Infinity
  let isOver = false
  const strikeWhenDue = (): void => {
    if (untilStrike > 0) return
    untilStrike = Infinity
    isOver = fault?.strike(response) === 'over'
  }
  strikeWhenDue()
  return {
    send: (type, object) => {
      if (isOver || response.writableEnded) return
      if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy()
      else response.write(`${JSON.stringify({ type, object: present(type, object) })}\n`)
      if (type !== 'BOOKMARK') untilStrike -= 1
      strikeWhenDue()
    },
    end: () => {
      if (!isOver) response.end()
    },
  }
}

function presenter(route: Route, request: ApiRequest): (type: EventType, object: object) => object {
  const asTable = prefersTable(request.accept)
  return (type, object) => {
    if (!asTable || type === 'ERROR') return object
    const kubeObject = object as KubeObject
    const rows = type === 'BOOKMARK' ? [] : [kubeObject]
    const { resourceVersion } = kubeObject.metadata
    return tableOf(route.kind.resource, rows, { resourceVersion }, rowObjectOf(request))
  }
}

/** An object that enters a selector is ADDED, one that leaves it is DELETED with its last state inside. */
function filterChange(
  change: RecordedChange,
  filter: Filter,
): { type: EventType; object: KubeObject } | undefined {
  const { type, object, previous } = change
  const matched = previous !== undefined && filter(previous)
  if (type === 'DELETED') return matched || filter(object) ? { type, object } : undefined
  if (filter(object)) return { type: matched ? 'MODIFIED' : 'ADDED', object }
  if (!matched) return undefined
  const { resourceVersion } = object.metadata
  return {
    type: 'DELETED',
    object: { ...previous, metadata: { ...previous.metadata, resourceVersion } },
  }
}

const expired = (from: number) =>
  failureStatus({ reason: 'Expired', message: `too old resource version: ${String(from)}` })
