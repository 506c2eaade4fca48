/** Where a Tank config sends its load. */
export interface TankAddress {
  readonly host: string
  /** Absent: none is given. */
  readonly port?: number
}

/** Reads `host:port`, `[ipv6]:port`, either without the port, or a bare IPv6; undefined when it is none of them. */
export function readTankAddress(text: string): TankAddress | undefined {
  const bare = text.replace(/^https?:\/\//, '').replace(/\/$/, '')
  const bracketed = /^\[([\w:.%-]+)\](?::(\d{1,5}))?$/.exec(bare)
  const plain = /^([A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(bare)
  const ipv6 = /^([0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$/.exec(bare)
  const [, host, port] = bracketed ?? plain ?? ipv6 ?? []
  if (host === undefined || !isPort(Number(port ?? 1))) return undefined
  // In brackets a name is a name: Tank's own documentation writes [host]:port.
  return { host, ...(port !== undefined && { port: Number(port) }) }
}

export const isPort = (port: number): boolean => port >= 1 && port <= 65_535

/** As `target.through`. */
export function throughOf({ host, port }: TankAddress, isTls: boolean): string {
  const scheme = isTls ? 'https' : 'http'
  const shown = host.includes(':') ? `[${host}]` : host
  const standard = isTls ? 443 : 80
  return `${scheme}://${shown}${port === undefined || port === standard ? '' : `:${port}`}`
}
