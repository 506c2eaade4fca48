import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { probeGrpc } from '../../../src/lab/kubelet/probes/probe-grpc.ts'

/** A health service that answers with `status`, or that has no such service at all. */
async function probeAgainst(status: number | undefined) {
  const asked: string[] = []
  const server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('data', (frame: Buffer) => asked.push(frame.subarray(7).toString()))
    stream.once('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
      if (headers[':path'] !== '/grpc.health.v1.Health/Check') stream.end()
      else stream.end(status === undefined ? undefined : Buffer.from([0, 0, 0, 0, 2, 8, status]))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const result = await probeGrpc({ host: '127.0.0.1', port, service: 'shop', timeoutMs: 5000 })
  server.close()
  return { ...result, asked }
}

it('a gRPC probe passes when the service that it asks for is SERVING', async () => {
  expect(await probeAgainst(1)).toMatchObject({ succeeded: true, asked: ['shop'] })
})

it('a gRPC probe fails for another status, without one, and without a server', async () => {
  const notServing = 'service unhealthy (responded with "NOT_SERVING")'
  expect(await probeAgainst(2)).toMatchObject({ succeeded: false, message: notServing })
  expect(await probeAgainst(undefined)).toMatchObject({ succeeded: false })
  const nobody = await probeGrpc({ host: '127.0.0.1', port: 1, service: '', timeoutMs: 5000 })
  expect(nobody.message).toMatch(/^failed to connect service "127\.0\.0\.1:1"/)
})
