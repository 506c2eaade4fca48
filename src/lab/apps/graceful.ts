/** Does it right: at SIGTERM it stops listening, finishes what is open with `Connection: close`, and exits 0. */
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const server = createAppServer()
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
