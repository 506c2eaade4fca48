/** Closes a keep-alive connection IDLE_MS after its last answer, without a hint to the client. */
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const server = createAppServer({ idleMs: Number(process.env['IDLE_MS'] ?? 300) })
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
