import type { Socket } from 'node:net'

/**
 * Tells a socket's own port as soon as the kernel has given it one, which is while it connects: of a connection that
 * is refused, or reset as soon as it is there, it cannot be read any more when that is told.
 */
export function onLocalPort(socket: Socket, tell: (port: number | undefined) => void): void {
  // The event comes just before the system call; to read the port before it would make Node remember that there is none.
  socket.on('connectionAttempt', () => {
    process.nextTick(() => {
      tell(socket.localPort)
    })
  })
}
