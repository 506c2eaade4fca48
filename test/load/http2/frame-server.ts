import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { END_STREAM, settings, settingsAck } from './http2-frames.ts'

const PREFACE_BYTES = 24

export interface SeenStream {
  readonly id: number
  /** Its number on its connection, and on the server, from 0. */
  readonly nthOnConnection: number
  readonly nth: number
}

export interface FrameServer extends AsyncDisposable {
  readonly port: number
  readonly connectionCount: number
  /** Requests whose last frame, or first when the test says so, has come. */
  readonly requestCount: number
  /** The codes of the RST_STREAM frames that have come. */
  readonly resets: readonly number[]
}

/** An HTTP/2 server without TLS that knows only where frames begin, and does to each whole request what the test says. */
export async function startFrameServer(
  onRequest: (socket: Socket, stream: SeenStream) => void,
  hello: Buffer = settings(),
  when: 'whole' | 'at the head' = 'whole',
): Promise<FrameServer> {
  const sockets = new Set<Socket>()
  const resets: number[] = []
  let connectionCount = 0
  let requestCount = 0
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connectionCount++
    let nthOnConnection = 0
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('end', () => socket.end())
    socket.write(hello)
    readFrames(socket, (type, flags, id, payload) => {
      if (type === 4 && flags === 0) socket.write(settingsAck)
      if (type === 3) resets.push(payload.readUInt32BE())
      const isIt = when === 'whole' ? type <= 1 && (flags & END_STREAM) > 0 : type === 1
      if (!isIt) return
      onRequest(socket, { id, nthOnConnection: nthOnConnection++, nth: requestCount++ })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    resets,
    get connectionCount() {
      return connectionCount
    },
    get requestCount() {
      return requestCount
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

type OnFrame = (type: number, flags: number, stream: number, payload: Buffer) => void

function readFrames(socket: Socket, onFrame: OnFrame): void {
  let pending: Buffer = Buffer.alloc(0)
  let isPast = false
  socket.on('data', (bytes) => {
    pending = Buffer.concat([pending, bytes])
    if (!isPast && pending.length < PREFACE_BYTES) return
    if (!isPast) pending = pending.subarray(PREFACE_BYTES)
    isPast = true
    while (pending.length >= 9) {
      const end = 9 + pending.readUIntBE(0, 3)
      if (pending.length < end) return
      const [, , , type = 0, flags = 0] = pending
      const stream = pending.readUInt32BE(5)
      const payload = pending.subarray(9, end)
      pending = pending.subarray(end)
      onFrame(type, flags, stream, payload)
    }
  })
}
