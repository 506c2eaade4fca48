/**
 * Registers itself with REGISTRY (`HOST:PORT`) and sends a heartbeat each second. At SIGTERM it ends gracefully; with
 * DEREGISTER=1 it takes its registration back first and serves on for SERVE_ON_MS, so that callers can learn of it.
 */
import { request } from 'node:http'
import { createAppServer, exitGracefully, onSignal } from './app-server.ts'

const HEARTBEAT_MS = 1000

const { REGISTRY = '', POD_IP = '', PORT = '' } = process.env
const server = createAppServer()

const tellRegistry = (method: 'PUT' | 'DELETE') => {
  const call = request(`http://${REGISTRY}/instances/${POD_IP}:${PORT}`, { method, agent: false })
  call.on('error', (error) => process.stderr.write(`registry: ${error.message}\n`))
  call.on('response', (answer) => answer.resume())
  call.end()
}
const heartbeat = setInterval(tellRegistry, HEARTBEAT_MS, 'PUT')
onSignal('SIGTERM', () => {
  clearInterval(heartbeat)
  if (process.env['DEREGISTER'] !== '1') {
    exitGracefully(server)
    return
  }
  tellRegistry('DELETE')
  setTimeout(
    () => {
      exitGracefully(server)
    },
    Number(process.env['SERVE_ON_MS'] ?? 2000),
  )
})
server.listen()
tellRegistry('PUT')
