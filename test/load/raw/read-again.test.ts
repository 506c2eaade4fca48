import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { readAgain } from '../../../src/load/raw/read-again.ts'
import { type Behaviour, startHostileServer, writeThen } from '../../support/hostile-server.ts'

// Client and server share a thread, so that the bytes and what ends them are both there at the client's first poll. The
// other read is asked for at the bytes, where an older libuv says that it was the end.
async function endingsOf(act: Behaviour): Promise<string[]> {
  await using server = await startHostileServer(act)
  const told: string[] = []
  const socket = new Socket({
    allowHalfOpen: true,
    onread: {
      buffer: Buffer.alloc(64),
      callback: () => {
        readAgain(socket, () => {
          told.push('FIN')
          socket.destroy()
        })
        return true
      },
    },
  })
  socket.on('error', (error: NodeJS.ErrnoException) => told.push(error.code ?? error.message))
  socket.connect({ host: '127.0.0.1', port: server.port })
  socket.write('GET / HTTP/1.1\r\n\r\n')
  await new Promise((resolve) => socket.on('close', resolve))
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  return told
}

it('An RST behind the last bytes is told before a FIN could be', async () => {
  expect(await endingsOf(writeThen('so far', 'rst'))).toEqual(['ECONNRESET', 'FIN'])
})

it('A FIN behind the last bytes is one', async () => {
  expect(await endingsOf(writeThen('so far', 'fin'))).toEqual(['FIN'])
})
