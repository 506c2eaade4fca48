/** Has no signal handler at all: as PID 1 it does not notice SIGTERM. */
import { createAppServer } from './app-server.ts'

createAppServer().listen()
