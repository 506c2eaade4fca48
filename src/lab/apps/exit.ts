/** Exits at SIGTERM, whatever is open. */
import { createAppServer, onSignal } from './app-server.ts'

onSignal('SIGTERM', () => process.exit(0))
createAppServer().listen()
