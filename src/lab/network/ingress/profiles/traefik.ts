import { STATUS_CODES } from 'node:http'
import type { IngressProfile, MadeAnswer, ProxyFault } from '../profile.ts'
import { USUAL_STATUSES } from './usual-statuses.ts'

/** What Go's transport sends again by itself when a kept connection turns out to be closed. */
const REPLAYABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

const MORE_WORDS: Partial<Readonly<Record<ProxyFault, string>>> = {
  'no-endpoints': 'no available server\n',
  'no-route': '404 page not found\n',
}

/**
 * Traefik (k8s-mechanics 3.5, 3.6): what has been gathered is applied at most every 2 s. Endpoints that serve but end
 * are kept fenced, for sticky sessions only, which the lab has none of: new requests go to ready ones. Without allowEmptyServices, which is off
 * unless asked for, a route without servers is not made. No retry but that of Go's transport.
 */
export const traefik: IngressProfile = {
  name: 'traefik',
  controller: 'traefik.io/ingress-controller',
  takes: ({ serving, terminating }) => serving && !terminating,
  dropsEmptyRoutes: true,
  timing: { kind: 'throttle', intervalMs: 2000, pollMs: 0 },
  upstream: {
    connectMs: 30_000,
    readMs: Infinity,
    idleMs: 90_000,
    idleConnections: 200,
    largestBodyBytes: Infinity,
  },
  retry: {
    tries: 1,
    again: ({ how, reused }, method) =>
      reused && (how === 'closed' || how === 'reset') && REPLAYABLE.has(method),
    samePeer: true,
    pauseMs: 0,
  },
  answers: { to: plainText },
}

function plainText(fault: ProxyFault): MadeAnswer {
  const status = USUAL_STATUSES[fault]
  const more = MORE_WORDS[fault]
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(more === undefined ? {} : { 'x-content-type-options': 'nosniff' }),
    },
    body: more ?? STATUS_CODES[status] ?? '',
  }
}
