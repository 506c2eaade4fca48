/**
 * Always answers 200, but with `"code":5003` in the body instead of `"code":0` while it is not well: with
 * FAIL_WHEN=start for its first FAIL_MS, with FAIL_WHEN=term (the default) for FAIL_MS after SIGTERM, in which it
 * serves on before it ends gracefully; with FAIL_WHEN=every:N for each N-th request.
 */
import { answerWithJson } from './answer.ts'
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const failMs = Number(process.env['FAIL_MS'] ?? 3000)
const [failWhen = '', every = ''] = (process.env['FAIL_WHEN'] ?? 'term').split(':')
let isFailing = failWhen === 'start'
let requests = 0

const server = createAppServer({
  intercept: (response, request) => {
    if (request.url === '/healthz') return false
    requests += 1
    const fails = isFailing || (failWhen === 'every' && requests % Number(every) === 0)
    answerWithJson(response, fails ? { code: 5003, message: 'no provider' } : { code: 0 })
    return true
  },
})
onSignal('SIGTERM', () => {
  isFailing = failWhen === 'term'
  if (!isFailing) exitGracefully(server)
  else {
    setTimeout(() => {
      exitGracefully(server)
    }, failMs)
  }
})
server.listen()
if (isFailing) setTimeout(() => (isFailing = false), failMs)
