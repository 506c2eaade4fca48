/** Takes HOG_MB of memory, HOG_MB_PER_SECOND at a time and touched, and never gives it back; at most 1,024 MB. */
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const MOST_MB = 1024
const STEPS_PER_SECOND = 10

const hogMb = Math.min(MOST_MB, Number(process.env['HOG_MB'] ?? 256))
const stepMb = Number(process.env['HOG_MB_PER_SECOND'] ?? 64) / STEPS_PER_SECOND
const held: Buffer[] = []

const server = createAppServer()
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
const timer = setInterval(() => {
  if (held.length * stepMb >= hogMb) clearInterval(timer)
  else held.push(Buffer.alloc(Math.ceil(stepMb * 1024 * 1024), 1))
}, 1000 / STEPS_PER_SECOND)
