/**
 * How a request can end without a complete answer (design 4). `closed-…` is a FIN, `reset-…` an RST;
 * `…-in-body` means that the response head had arrived whole. `generator` is our own fault.
 */
export const FAILURE_CLASSES = [
  'refused',
  'reset-before-response',
  'closed-before-response',
  'reset-in-body',
  'closed-in-body',
  'connect-timeout',
  'response-timeout',
  'unreachable',
  'dns',
  'tls',
  'protocol',
  'generator',
] as const

export type FailureClass = (typeof FAILURE_CLASSES)[number]
