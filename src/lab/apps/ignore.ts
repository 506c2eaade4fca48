/** Has a handler for SIGTERM that does nothing: it serves on until SIGKILL, in every kind of container. */
import { createAppServer, onSignal } from './app-server.ts'

onSignal('SIGTERM', () => undefined)
createAppServer().listen()
