/** A server whose end is chosen by END: graceful, exit, deaf, away (503 for 2 s), late (serves on for 4 s); WHERE is its address; /slow takes 800 ms. */
import { createServer } from 'node:http'

const { PORT, POD_IP, END = 'graceful', WHERE = POD_IP } = process.env
let isAway = false
const server = createServer((request, response) => {
  if (isAway) response.writeHead(503, { connection: 'close' })
  if (request.url === '/slow') setTimeout(() => response.end('slow\n'), 800)
  else response.end('hello\n')
})
server.keepAliveTimeout = 60_000
server.listen(Number(PORT), WHERE)
if (END === 'exit') process.on('SIGTERM', () => process.exit(0))
if (END === 'graceful') process.on('SIGTERM', () => server.close(() => process.exit(0)))
if (END === 'away') {
  process.on('SIGTERM', () => {
    isAway = true
    setTimeout(() => server.close(() => process.exit(0)), 2_000)
  })
}
if (END === 'late') {
  process.on('SIGTERM', () => setTimeout(() => server.close(() => process.exit(0)), 4_000))
}
