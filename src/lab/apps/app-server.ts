import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createListener } from 'node:net'
import type { Socket } from 'node:net'
import { answer } from './answer.ts'

/** An HTTP server whose listener and connections are held apart, so that each app can end them its own way. */
export interface AppServer {
  /** Binds POD_IP:PORT. */
  listen(): void
  /** Closes the listener; open connections live on. */
  stopListening(): void
  /** From now on each answer says `Connection: close`; connections that are idle stay open until they are used. */
  sayClose(): void
  /** Closes idle connections, lets open requests finish with `Connection: close`. */
  drain(): void
  /** Calls back when the last connection has closed; at once when there is none. */
  whenEmpty(callback: () => void): void
}

export interface AppServerOptions {
  /** Close a connection this long after its last answer, without a hint; absent: never. */
  readonly idleMs?: number
  /** Answers instead of the usual answer when it gives true. */
  readonly intercept?: (response: ServerResponse, request: IncomingMessage) => boolean
}

interface Connection {
  readonly openAnswers: Set<ServerResponse>
  answered: boolean
  idleTimer?: NodeJS.Timeout
}

export function createAppServer(options: AppServerOptions = {}): AppServer {
  const connections = new Map<Socket, Connection>()
  const emptyListeners: (() => void)[] = []
  let draining = false

  const http = createHttpServer((request, response) => {
    const connection = connections.get(request.socket)
    if (connection) track(connection, request, response)
    if (!options.intercept?.(response, request)) answer(request, response)
    else request.resume()
  })
  http.keepAliveTimeout = 0
  http.requestTimeout = 0
  http.headersTimeout = 0

  const track = (connection: Connection, request: IncomingMessage, response: ServerResponse) => {
    clearTimeout(connection.idleTimer)
    connection.openAnswers.add(response)
    if (draining) response.shouldKeepAlive = false
    response.once('finish', () => {
      connection.openAnswers.delete(response)
      connection.answered = true
      if (draining) request.socket.end()
      else if (options.idleMs !== undefined) {
        connection.idleTimer = setTimeout(() => request.socket.destroy(), options.idleMs)
      }
    })
  }

  const listener = createListener({ noDelay: true, allowHalfOpen: true }, (socket) => {
    connections.set(socket, { openAnswers: new Set(), answered: false })
    socket.once('close', () => {
      clearTimeout(connections.get(socket)?.idleTimer)
      connections.delete(socket)
      if (connections.size === 0) for (const listener of emptyListeners) listener()
    })
    http.emit('connection', socket)
  })

  return {
    listen: () => {
      listener.listen(Number(process.env['PORT']), process.env['POD_IP'])
    },
    stopListening: () => {
      listener.close()
    },
    sayClose: () => {
      draining = true
      for (const { openAnswers } of connections.values()) {
        for (const response of openAnswers) response.shouldKeepAlive = false
      }
    },
    drain: () => {
      draining = true
      for (const [socket, connection] of connections) drainConnection(socket, connection)
    },
    whenEmpty: (callback) => {
      if (connections.size === 0) callback()
      else emptyListeners.push(callback)
    },
  }
}

function drainConnection(socket: Socket, connection: Connection): void {
  for (const response of connection.openAnswers) response.shouldKeepAlive = false
  if (connection.answered && connection.openAnswers.size === 0) socket.destroy()
}

/** Runs `action` at a signal, after a line in the log that says so. */
export function onSignal(signal: NodeJS.Signals, action: () => void): void {
  process.once(signal, () => {
    process.stdout.write(`received ${signal}\n`)
    action()
  })
}

/** Stops listening, finishes what is open, then exits 0. */
export function exitGracefully(server: AppServer): void {
  server.stopListening()
  server.drain()
  server.whenEmpty(() => process.exit(0))
}
