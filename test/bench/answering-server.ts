import { createServer } from 'node:net'
import { monotonicUs } from '../../src/base/clock.ts'

/**
 * The other side of a load benchmark, a process of its own: answers every request with the same bytes as fast as
 * raw sockets can, and counts arrivals in bins of 100 ms. Tells its port when it listens, its bins when asked.
 */
const BIN_US = 100_000
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\nContent-Length: 64\r\n\r\n${'x'.repeat(64)}`,
)
const bins = new Map<number, number>()

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    // A request of the benchmark fits one segment, and there is one at a time: one read is one request.
    if (bytes.at(-1) !== 10) throw new Error('a request came in pieces')
    const bin = Math.floor(monotonicUs() / BIN_US)
    bins.set(bin, (bins.get(bin) ?? 0) + 1)
    socket.write(answer)
  })
})

server.listen(0, '127.0.0.1', 4_096, () => process.send?.(server.address()))
process.on('message', () => {
  process.send?.([...bins])
  bins.clear()
})
process.on('disconnect', () => process.exit())
