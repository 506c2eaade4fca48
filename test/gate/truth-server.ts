import { createServer } from 'node:net'
import { monotonicUs } from '../../src/base/clock.ts'

/**
 * The other side of a gate run, a process of its own: answers each request after a fixed time, and keeps when it came
 * and when its answer was written. Tells its port when it listens, what it saw when asked.
 */
export interface SeenByServer {
  readonly requests: number
  /** Between the arrival of a request and the writing of its answer. */
  readonly residenceP99Us: number
}

const serviceMs = Number(process.argv[2])
const keeps = process.argv[3] !== 'keeps-none'
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n'
const residences: number[] = []

const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  socket.on('error', () => undefined)
  socket.on('end', () => socket.end())
  let pending = ''
  socket.on('data', (bytes) => {
    pending += bytes.toString('latin1')
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      const closes = /^connection: close$/im.test(pending.slice(0, end))
      pending = pending.slice(end + 4)
      answerLater(monotonicUs(), (text) => (closes ? socket.end(text) : socket.write(text)), closes)
    }
  })
})

function answerLater(arrivedAtUs: number, write: (text: string) => void, closes: boolean): void {
  setTimeout(() => {
    write(`${ANSWER}${closes || !keeps ? 'Connection: close\r\n' : ''}\r\nok`)
    residences.push(monotonicUs() - arrivedAtUs)
  }, serviceMs)
}

server.listen(0, '127.0.0.1', 4_096, () => process.send?.(server.address()))
process.on('message', () => {
  const sorted = residences.toSorted((left, right) => left - right)
  const residenceP99Us = sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0
  process.send?.({ requests: sorted.length, residenceP99Us } satisfies SeenByServer)
})
process.on('disconnect', () => process.exit())
