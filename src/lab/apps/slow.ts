/** Graceful, but its image's DELAY_MS is longer than any grace: SIGKILL cuts what is open. */
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const server = createAppServer()
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
