import { connect, createServer, type Socket } from 'node:net'

/** Forwards TCP to another port until it is cut: then there is nobody, as when a server was killed. */
export interface CuttableTcp {
  readonly port: number
  /** Resets what is open, and refuses what comes. */
  cut(): Promise<void>
  heal(): Promise<void>
}

export async function startCuttableTcp(host: string, toPort: number): Promise<CuttableTcp> {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(toPort, host)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as { port: number }
  return {
    port,
    async cut() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of open) socket.resetAndDestroy()
      await closed
    },
    heal: () => listen(port),
  }
}
