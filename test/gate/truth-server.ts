import { createServer } from 'node:net'
import { monotonicUs } from '../../src/base/clock.ts'

/**
 * The other side of a gate run, a process of its own: answers each request after a fixed time, and keeps when it came
 * and when its answer was written. Tells its port when it listens, what it saw when asked.
 */
export interface SeenByServer {
  readonly requests: number
  /**
   * By the request's number, from its header `Seq`: µs between its arrival and the writing of its answer. As this process
   * itself may have waited for a processor, its arrival is the last moment but one at which it cannot have been there:
   * the server gets the blame for all that may be its own, and 1 to 3 ms more.
   */
  readonly residencesUs: readonly (readonly [seq: number, residenceUs: number])[]
}

const serviceMs = Number(process.argv[2])
const keeps = process.argv[3] !== 'keeps-none'
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n'
const residencesUs: [number, number][] = []
let lastTickUs = monotonicUs()
let tickBeforeUs = lastTickUs
setInterval(() => {
  tickBeforeUs = lastTickUs
  lastTickUs = monotonicUs()
}, 1)

const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  socket.on('error', () => undefined)
  socket.on('end', () => socket.end())
  let pending = ''
  socket.on('data', (bytes) => {
    pending += bytes.toString('latin1')
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      const head = pending.slice(0, end)
      pending = pending.slice(end + 4)
      const closes = /^connection: close$/im.test(head)
      const seq = Number(/^seq: (\d+)$/im.exec(head)?.[1])
      answerLater(seq, closes, (text) => (closes ? socket.end(text) : socket.write(text)))
    }
  })
})

function answerLater(seq: number, closes: boolean, write: (text: string) => void): void {
  const notBeforeUs = tickBeforeUs
  setTimeout(() => {
    write(`${ANSWER}${closes || !keeps ? 'Connection: close\r\n' : ''}\r\nok`)
    residencesUs.push([seq, monotonicUs() - notBeforeUs])
  }, serviceMs)
}

server.listen(0, '127.0.0.1', 4_096, () => process.send?.(server.address()))
process.on('message', () => {
  process.send?.({ requests: residencesUs.length, residencesUs } satisfies SeenByServer)
})
process.on('disconnect', () => process.exit())
