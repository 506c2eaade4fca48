import { STATUS_CODES } from 'node:http'
import type { IngressProfile } from '../profile.ts'
import { USUAL_STATUSES } from './usual-statuses.ts'

const TITLES: Readonly<Record<number, string>> = {
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

/**
 * The AWS load balancer controller with `ip` targets (k8s-mechanics 3.5, 3.6; its timings are no fact of the source):
 * an API call takes seconds, a new target must pass a check first, a removed one drains. No retry.
 */
export const alb: IngressProfile = {
  name: 'alb',
  controller: 'ingress.k8s.aws/alb',
  takes: ({ ready, terminating }) => ready && !terminating,
  timing: { kind: 'push', minMs: 3000, maxMs: 15_000 },
  upstream: {
    connectMs: 10_000,
    readMs: 60_000,
    idleMs: 60_000,
    idleConnections: 1024,
    largestBodyBytes: Infinity,
  },
  retry: { tries: 1, again: () => false, samePeer: false, pauseMs: 0 },
  answers: {
    to: (fault) => {
      const status = USUAL_STATUSES[fault]
      const headers = { server: 'awselb/2.0', 'content-type': 'text/html' }
      // What the controller makes the listener's default action.
      if (fault === 'no-route') {
        return { status, headers: { ...headers, 'content-type': 'text/plain' }, body: '' }
      }
      const title = `${String(status)} ${TITLES[status] ?? STATUS_CODES[status] ?? ''}`
      const lines = [
        '<html>',
        `<head><title>${title}</title></head>`,
        '<body>',
        `<center><h1>${title}</h1></center>`,
        '</body>',
        '</html>',
        '',
      ]
      return { status, headers, body: lines.join('\r\n') }
    },
  },
  targets: {
    checkPath: '/',
    checkIntervalSeconds: 15,
    checkTimeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
    deregistrationDelaySeconds: 300,
  },
}
