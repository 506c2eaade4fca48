import type { Outcome } from './request-failure.ts'

/**
 * An outcome as Tank's net code: Linux's errno where there is one (load-generators 3.3). An answer is 0 whatever it
 * says. A FIN instead of an answer is 103, which Linux uses for nothing here, so that it stays apart from a reset.
 */
const NET_CODES: Readonly<Record<Outcome, number>> = {
  ok: 0,
  'bad-status': 0,
  'bad-header': 0,
  'bad-body': 0,
  refused: 111,
  'reset-before-response': 104,
  'reset-in-body': 104,
  'closed-before-response': 103,
  'closed-in-body': 103,
  'connect-timeout': 110,
  'response-timeout': 110,
  unreachable: 113,
  dns: 999,
  tls: 71,
  protocol: 71,
  generator: 99,
  'cut-off': 777,
}

/** Tank's net code of an outcome; 999 (unknown) for a name that is none. */
export const netCode = (outcome: string): number =>
  Object.hasOwn(NET_CODES, outcome) ? NET_CODES[outcome as Outcome] : 999
