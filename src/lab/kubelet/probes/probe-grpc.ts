import { connect, constants } from 'node:http2'
import type { ProbeResult } from './run-probe.ts'

const SERVING = 1
const FRAME_HEAD_BYTES = 5
const STATUS_FIELD = 0x08

interface GrpcTarget {
  readonly host: string
  readonly port: number
  readonly service: string
  readonly timeoutMs: number
}

/** Asks grpc.health.v1.Health/Check over plaintext HTTP/2, as the kubelet does; it passes when the answer is SERVING. */
export function probeGrpc({ host, port, service, timeoutMs }: GrpcTarget): Promise<ProbeResult> {
  const address = `${host}:${String(port)}`
  return new Promise((resolve) => {
    const session = connect(`http://${address}`)
    const finish = (message: string) => {
      clearTimeout(timer)
      session.destroy()
      resolve({ succeeded: message === '', message })
    }
    const timer = setTimeout(() => {
      finish(`timeout: failed to connect service "${address}" within ${String(timeoutMs / 1000)}s`)
    }, timeoutMs)
    let isConnected = false
    session.once('connect', () => (isConnected = true))
    session.once('error', (error: Error) => {
      finish(`failed to connect service "${address}": ${error.message}`)
    })
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'kube-probe/1.33',
    })
    let body = Buffer.alloc(0)
    stream.on('data', (chunk: Buffer) => {
      body = Buffer.concat([body, chunk])
    })
    stream.once('error', (error: Error) => {
      // Why there is no connection is told by the session.
      if (isConnected)
        finish(`error: this server does not implement the grpc health protocol: ${error.message}`)
    })
    stream.once('end', () => {
      finish(complaintAbout(body))
    })
    stream.end(checkRequest(service))
  })
}

/** HealthCheckRequest{service} in a frame: not compressed, length, message. */
function checkRequest(service: string): Buffer {
  const name = Buffer.from(service)
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name])
  const head = Buffer.alloc(FRAME_HEAD_BYTES)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** Empty for HealthCheckResponse{status: SERVING}. */
function complaintAbout(frame: Buffer): string {
  if (frame.length < FRAME_HEAD_BYTES) return 'service unhealthy (responded without a status)'
  const message = frame.subarray(FRAME_HEAD_BYTES)
  const status = message[0] === STATUS_FIELD ? message[1] : 0
  const name = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'][status ?? 0] ?? 'UNKNOWN'
  return status === SERVING ? '' : `service unhealthy (responded with "${name}")`
}
