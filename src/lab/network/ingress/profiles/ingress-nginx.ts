import { STATUS_CODES } from 'node:http'
import type { IngressProfile, MadeAnswer } from '../profile.ts'
import { USUAL_STATUSES } from './usual-statuses.ts'

const NON_IDEMPOTENT = new Set(['POST', 'LOCK', 'PATCH'])

const TITLES: Readonly<Record<number, string>> = {
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

/**
 * ingress-nginx (k8s-mechanics 3.5–3.7): 0.3 syncs a second with a burst of one, then the workers' poll;
 * `proxy_next_upstream error timeout` with three tries, and what is not idempotent is not sent twice.
 */
export const ingressNginx: IngressProfile = {
  name: 'ingress-nginx',
  controller: 'k8s.io/ingress-nginx',
  takes: ({ ready }) => ready,
  timing: { kind: 'throttle', intervalMs: 1000 / 0.3, pollMs: 1000 },
  upstream: {
    connectMs: 5000,
    readMs: 60_000,
    idleMs: 60_000,
    idleConnections: 320,
    largestBodyBytes: 1024 * 1024,
  },
  retry: {
    tries: 3,
    again: ({ sent }, method) => !(sent && NON_IDEMPOTENT.has(method)),
    samePeer: false,
    pauseMs: 0,
  },
  answers: { server: 'nginx', to: (fault) => nginxPage(USUAL_STATUSES[fault]) },
}

function nginxPage(status: number): MadeAnswer {
  const title = `${String(status)} ${TITLES[status] ?? STATUS_CODES[status] ?? ''}`
  const body = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n')
  return { status, headers: { 'content-type': 'text/html' }, body }
}
