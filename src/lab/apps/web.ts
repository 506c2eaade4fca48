/** Ends as nginx does: SIGTERM and SIGINT cut everything, SIGQUIT finishes what is open. */
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const server = createAppServer()
for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, () => process.exit(0))
onSignal('SIGQUIT', () => {
  exitGracefully(server)
})
server.listen()
