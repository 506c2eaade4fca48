/** `/healthz` says 200 for UP_MS, then 503 for DOWN_MS, and so on; every other request is served all the time. */
import { answerWithText } from './answer.ts'
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const upMs = Number(process.env['UP_MS'] ?? 4000)
const downMs = Number(process.env['DOWN_MS'] ?? 2000)
const startedMs = performance.now()

const server = createAppServer({
  intercept: (response, request) => {
    const isDown = (performance.now() - startedMs) % (upMs + downMs) >= upMs
    if (request.url !== '/healthz' || !isDown) return false
    answerWithText(response, 503, 'not now\n')
    return true
  },
})
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
