/**
 * Is ready before it is usable: it accepts connections and `/healthz` answers 200 from the start, but for START_MS
 * every other request gets 503, or with HANG=1 no answer until then.
 */
import type { ServerResponse } from 'node:http'
import { answerWithText } from './answer.ts'
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const waiting: ServerResponse[] = []
let started = false

const server = createAppServer({
  intercept: (response, request) => {
    if (started || request.url === '/healthz') return false
    if (process.env['HANG'] === '1') waiting.push(response)
    else answerWithText(response, 503, 'not usable yet\n')
    return true
  },
})
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
setTimeout(
  () => {
    started = true
    for (const response of waiting) answerWithText(response, 200, 'at last\n')
  },
  Number(process.env['START_MS'] ?? 3000),
)
