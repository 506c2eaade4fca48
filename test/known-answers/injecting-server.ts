import { createServer } from 'node:net'

/**
 * A server in a process of its own whose n-th request (from 1) gets a known answer: every hundredth a 500, every
 * hundredth and fiftieth nothing but the end of the connection, every other a 200. Tells its port when it listens, and
 * what it did when asked.
 */
export interface Injected {
  readonly requests: number
  readonly errors: number
  readonly closed: number
}

const answer = (status: number) => `HTTP/1.1 ${status} S\r\nContent-Length: 2\r\n\r\nok`
let requests = 0
let errors = 0
let closed = 0

const server = createServer({ noDelay: true }, (socket) => {
  let pending = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    pending += bytes.toString('latin1')
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      const length = Number(/^content-length: (\d+)$/im.exec(pending.slice(0, end))?.[1] ?? 0)
      if (pending.length < end + 4 + length) return
      pending = pending.slice(end + 4 + length)
      requests++
      if (requests % 100 === 0) {
        errors++
        socket.write(answer(500))
      } else if (requests % 100 === 50) {
        closed++
        socket.end()
        return
      } else socket.write(answer(200))
    }
  })
})

server.listen(0, '127.0.0.1', 4_096, () => process.send?.(server.address()))
process.on('message', () => process.send?.({ requests, errors, closed } satisfies Injected))
process.on('disconnect', () => process.exit())
