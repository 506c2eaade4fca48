import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

const LISTENER = `
const { parentPort, workerData } = require('node:worker_threads')
const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  // A thread that waits accepts nothing: its queue fills, and the kernel drops what comes after.
  Atomics.wait(workerData, 0, 0)
})`

/** A port of 127.0.0.1 that leaves connections unanswered, as the address of a removed pod often does. */
export async function unansweringPort(): Promise<{ port: number; stop: () => Promise<void> }> {
  const wake = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(LISTENER, { eval: true, workerData: wake })
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  const fillers: Socket[] = []
  const isTaken = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' })
      fillers.push(socket)
      socket.on('error', () => undefined)
      socket.once('connect', () => resolve(true))
      setTimeout(resolve, 300, false)
    })
  while (await isTaken());
  return {
    port,
    stop: async () => {
      for (const socket of fillers) socket.destroy()
      Atomics.store(wake, 0, 1)
      Atomics.notify(wake, 0)
      await worker.terminate()
    },
  }
}
