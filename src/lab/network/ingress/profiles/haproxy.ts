import type { IngressProfile, ProxyFault } from '../profile.ts'

const CONNECT_FAILURES = new Set<string>(['refused', 'unreachable', 'connect-timeout'])

const PAGES: Readonly<Record<number, readonly [title: string, text: string]>> = {
  404: ['404 Not Found', 'The requested URL was not found on this server.'],
  413: ['413 Payload Too Large', 'The request entity exceeds the maximum allowed.'],
  502: ['502 Bad Gateway', 'The server returned an invalid or incomplete response.'],
  503: ['503 Service Unavailable', 'No server is available to handle this request.'],
  504: ['504 Gateway Time-out', "The server didn't respond in time."],
}

const STATUSES: Readonly<Record<ProxyFault, number>> = {
  refused: 503,
  unreachable: 503,
  'connect-timeout': 503,
  closed: 502,
  reset: 502,
  timeout: 504,
  'no-endpoints': 503,
  'no-route': 404,
  'too-large': 413,
}

/**
 * haproxytech's controller (k8s-mechanics 3.5, 3.6): it looks every 5 s. A failed connect is tried three times more,
 * at the same server and a second apart, as HAProxy does without `option redispatch`.
 */
export const haproxy: IngressProfile = {
  name: 'haproxy',
  controller: 'haproxy.org/ingress-controller',
  takes: ({ ready, terminating }) => ready && !terminating,
  timing: { kind: 'tick', periodMs: 5000 },
  upstream: {
    connectMs: 5000,
    readMs: 50_000,
    idleMs: 5000,
    idleConnections: 320,
    largestBodyBytes: Infinity,
  },
  retry: {
    tries: 4,
    again: ({ how }) => CONNECT_FAILURES.has(how),
    samePeer: true,
    pauseMs: 1000,
  },
  answers: {
    to: (fault) => {
      const status = STATUSES[fault]
      const [title, text] = PAGES[status] ?? ['', '']
      return {
        status,
        headers: { 'cache-control': 'no-cache', 'content-type': 'text/html' },
        body: `<html><body><h1>${title}</h1>\n${text}\n</body></html>\n`,
      }
    },
  },
}
