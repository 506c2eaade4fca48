import type { LoadAddress } from '../load/load-plan.ts'

/** Where the load goes, as a URL: `https://[::1]:8443`. */
export const addressText = ({ host, port, tls }: LoadAddress): string =>
  `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
