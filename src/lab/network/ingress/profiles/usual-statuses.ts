import type { ProxyFault } from '../profile.ts'

/** What most proxies answer: 502 for a pod that fails, 504 for one that is late, 503 without endpoints. */
export const USUAL_STATUSES: Readonly<Record<ProxyFault, number>> = {
  refused: 502,
  unreachable: 502,
  closed: 502,
  reset: 502,
  'connect-timeout': 504,
  timeout: 504,
  'no-endpoints': 503,
  'no-route': 404,
  'too-large': 413,
}
