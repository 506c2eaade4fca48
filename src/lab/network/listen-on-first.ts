import type { AddressInfo, Server } from 'node:net'

export interface ListenAddress {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

/** Listens on the first address that is free and allowed; undefined when none is. */
export async function listenOnFirst(
  server: Server,
  addresses: Iterable<ListenAddress>,
): Promise<ListenAddress | undefined> {
  for (const address of addresses) {
    const port = await listen(server, address)
    if (port !== undefined) return { host: address.host, port }
  }
  return undefined
}

function listen(server: Server, { host, port }: ListenAddress): Promise<number | undefined> {
  return new Promise((resolve) => {
    const onError = () => {
      resolve(undefined)
    }
    server.once('error', onError)
    server.listen({ host, port, backlog: 4096 }, () => {
      server.off('error', onError)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
