/**
 * A registry of instances as Nacos is one: `PUT /instances/HOST:PORT` is a registration and a heartbeat, `DELETE`
 * takes it back, `GET /instances` lists those whose last heartbeat is younger than EXPIRE_MS.
 */
import { answerWithJson, answerWithText } from './answer.ts'
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const PREFIX = '/instances/'

const expireMs = Number(process.env['EXPIRE_MS'] ?? 15_000)
const lastSeenMs = new Map<string, number>()

const server = createAppServer({
  intercept: (response, { method, url = '' }) => {
    if (url === '/instances') {
      const oldestMs = performance.now() - expireMs
      const alive = [...lastSeenMs].filter(([, seenMs]) => seenMs >= oldestMs)
      answerWithJson(
        response,
        alive.map(([address]) => address),
      )
      return true
    }
    if (!url.startsWith(PREFIX)) return false
    const address = url.slice(PREFIX.length)
    if (method === 'DELETE') lastSeenMs.delete(address)
    else lastSeenMs.set(address, performance.now())
    answerWithText(response, 200, 'ok\n')
    return true
  },
})
onSignal('SIGTERM', () => {
  exitGracefully(server)
})
server.listen()
