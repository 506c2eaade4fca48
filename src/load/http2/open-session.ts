import type { Socket } from 'node:net'
import { type ClientHttp2Session, connect } from 'node:http2'

/** So much may be on its way to us on one stream, and on one connection; flow control must not be the bottleneck. */
const STREAM_WINDOW_BYTES = 1_048_576
const CONNECTION_WINDOW_BYTES = 16 * STREAM_WINDOW_BYTES

/** Begins HTTP/2 on a socket that is connected; `maxStreams` holds until the server's SETTINGS are there. */
export function openSession(
  socket: Socket,
  scheme: 'http' | 'https',
  maxStreams: number,
): ClientHttp2Session {
  // The name is never resolved, nor sent: each request has its own :authority.
  const session = connect(`${scheme}://podtank.invalid`, {
    createConnection: () => socket,
    settings: {
      enablePush: false,
      initialWindowSize: STREAM_WINDOW_BYTES,
    },
    peerMaxConcurrentStreams: maxStreams,
  })
  session.once('connect', () => {
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES)
  })
  return session
}
