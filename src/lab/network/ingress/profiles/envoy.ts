import type { IngressProfile, MadeAnswer, ProxyFault } from '../profile.ts'

const reset = (reason: string): MadeAnswer =>
  plain(503, `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`)

const plain = (status: number, body: string): MadeAnswer => ({
  status,
  headers: body === '' ? {} : { 'content-type': 'text/plain' },
  body,
})

/** Envoy's response flags UF, UC, UT and UH in its own words (k8s-mechanics 3.6). */
const ANSWERS: Readonly<Record<ProxyFault, MadeAnswer>> = {
  refused: reset('connection failure'),
  unreachable: reset('connection failure'),
  'connect-timeout': reset('connection timeout'),
  closed: reset('connection termination'),
  reset: reset('connection termination'),
  timeout: plain(504, 'upstream request timeout'),
  'no-endpoints': plain(503, 'no healthy upstream'),
  'no-route': plain(404, ''),
  'too-large': plain(413, 'Payload Too Large'),
}

/** Contour and other Envoys (k8s-mechanics 3.5, 3.6): xDS pushes within tens of ms, no retry unless a route asks for it. */
export const envoy: IngressProfile = {
  name: 'envoy',
  controller: 'projectcontour.io/ingress-controller',
  takes: ({ ready }) => ready,
  timing: { kind: 'push', minMs: 10, maxMs: 80 },
  upstream: {
    connectMs: 2000,
    readMs: 15_000,
    idleMs: 3_600_000,
    idleConnections: 1024,
    largestBodyBytes: Infinity,
  },
  retry: { tries: 1, again: () => false, samePeer: false, pauseMs: 0 },
  answers: { server: 'envoy', to: (fault) => ANSWERS[fault] },
}
