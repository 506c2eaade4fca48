/** Answers 500 for its first START_MS, the health check included; with REFUSE=1 it does not listen until then. */
import { answerWithText } from './answer.ts'
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const startMs = Number(process.env['START_MS'] ?? 3000)
let started = false

const server = createAppServer({
  intercept: (response) => {
    if (!started) answerWithText(response, 500, 'still starting\n')
    return !started
  },
})
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
const refusesUntilStarted = process.env['REFUSE'] === '1'
if (!refusesUntilStarted) server.listen()
setTimeout(() => {
  started = true
  if (refusesUntilStarted) server.listen()
}, startMs)
