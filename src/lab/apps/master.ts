/**
 * A master and WORKERS processes behind one listener, ended as php-fpm ends them: at SIGQUIT each worker may finish
 * its request within PROCESS_CONTROL_TIMEOUT seconds (0, the default, cuts it); SIGTERM cuts at once.
 */
import cluster from 'node:cluster'
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const FINISH = 'finish'

if (cluster.isPrimary) beMaster()
else beWorker()

function beMaster(): void {
  const workers = Number(process.env['WORKERS'] ?? 2)
  const timeoutMs = Number(process.env['PROCESS_CONTROL_TIMEOUT'] ?? 0) * 1000
  // The workers keep the listener alive among them; each has it whole.
  for (let at = 0; at < workers; at++) cluster.fork()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, () => process.exit(0))
  onSignal('SIGQUIT', () => {
    cluster.on('exit', () => {
      if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0)
    })
    if (timeoutMs === 0) process.exit(0)
    for (const worker of Object.values(cluster.workers ?? {})) worker?.send(FINISH)
    setTimeout(() => process.exit(0), timeoutMs)
  })
}

function beWorker(): void {
  const server = createAppServer()
  process.on('message', (message) => {
    if (message === FINISH) exitGracefully(server)
  })
  // A worker without its master must not serve on.
  process.on('disconnect', () => process.exit(0))
  server.listen()
}
