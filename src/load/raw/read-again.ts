import type { Socket } from 'node:net'

/**
 * Reads on after the end of a stream. libuv takes a hang-up behind the last bytes for a FIN without asking the kernel
 * (before 1.52, Node 22, always; since then when the poll told of no bytes): only another read tells an RST. If it was
 * one, that is the socket's `error`; if not, `onFin` is called when the next poll is over. The socket must have
 * `onread` and `allowHalfOpen`. Through TLS nothing is read behind the end, and each is a FIN.
 */
export function readAgain(socket: Socket, onFin: () => void): void {
  socket.pause()
  socket.resume()
  // The first runs before that poll, the second after it.
  setImmediate(() => setImmediate(onFin))
}
