/** At SIGTERM it stops listening but serves open keep-alive connections on, and never says so to the client. */
import { createAppServer, onSignal } from './app-server.ts'

const server = createAppServer()
onSignal('SIGTERM', () => {
  server.stopListening()
  server.whenEmpty(() => process.exit(0))
  const exitAfterMs = process.env['EXIT_AFTER_MS']
  if (exitAfterMs !== undefined) setTimeout(() => process.exit(0), Number(exitAfterMs))
})
server.listen()
