/** Exits 1 unasked, CRASH_AFTER_MS after its start or at request number CRASH_AFTER (health checks do not count). */
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const crashAfter = Number(process.env['CRASH_AFTER'] ?? Infinity)
const crashAfterMs = process.env['CRASH_AFTER_MS']
let requests = 0

function crash(): never {
  process.stderr.write('crash: as it was asked to\n')
  process.exit(1)
}

const server = createAppServer({
  intercept: (_response, request) => {
    if (request.url !== '/healthz' && ++requests >= crashAfter) crash()
    return false
  },
})
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
if (crashAfterMs !== undefined) setTimeout(crash, Number(crashAfterMs))
