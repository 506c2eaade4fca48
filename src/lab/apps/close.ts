/** At SIGTERM it serves on for SERVE_ON_MS, each answer with `Connection: close`, and only then stops listening. */
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const server = createAppServer()
onSignal('SIGTERM', () => {
  server.sayClose()
  setTimeout(
    () => {
      exitGracefully(server)
    },
    Number(process.env['SERVE_ON_MS'] ?? 5000),
  )
})
server.listen()
