import type { Socket } from 'node:net'
import { answerText } from '../support/hostile-server.ts'
import type { Expected } from './behaviour.ts'

/** What a server does to a connection, whatever is asked on it. */
export interface ConnectionBehaviour {
  readonly name: string
  readonly act: (socket: Socket) => void
  readonly expected: Expected
  /** The deadline is what ends it. */
  readonly isSilent?: boolean
}

const afterHello = (act: (socket: Socket) => void) => (socket: Socket) =>
  void socket.once('data', () => act(socket))

const FATAL_HANDSHAKE_FAILURE = '\x15\x03\x03\0\x02\x02\x28'

/** Before a request has been read, over plain TCP. */
export const plainBehaviours: readonly ConnectionBehaviour[] = [
  {
    name: 'RST as soon as it is accepted',
    act: (socket) => void socket.resetAndDestroy(),
    expected: { outcome: 'reset-before-response', facts: { bytesReceived: 0 } },
  },
  {
    name: 'FIN as soon as it is accepted',
    act: (socket) => void socket.end(),
    expected: { outcome: 'closed-before-response', facts: { detail: 'FIN', bytesReceived: 0 } },
  },
  {
    name: '408 and FIN before the request is read',
    act: (socket) => void socket.end(answerText('', 408, ['Connection: close'])),
    expected: { outcome: 'bad-status', facts: { status: 408 } },
  },
  {
    name: 'the greeting of another protocol',
    act: (socket) => void socket.write('220 mail.shop.test ESMTP\r\n'),
    expected: { outcome: 'protocol' },
  },
  {
    name: 'silence',
    act: () => undefined,
    isSilent: true,
    expected: { outcome: 'response-timeout', facts: { bytesReceived: 0 } },
  },
]

/**
 * Within the handshake, to a client that speaks TLS. RST before the hello is not among them: in thousands, a few
 * (0.2 %) are told as FIN, because Node reports them as an end, with both engines.
 */
export const handshakeBehaviours: readonly ConnectionBehaviour[] = [
  {
    name: 'RST after the hello',
    act: afterHello((socket) => void socket.resetAndDestroy()),
    expected: {
      outcome: 'reset-before-response',
      facts: { detail: 'ECONNRESET in the TLS handshake' },
      why: 'of class tls is only what TLS itself says',
    },
  },
  {
    name: 'FIN as soon as it is accepted',
    act: (socket) => void socket.end(),
    expected: { outcome: 'closed-before-response', facts: { detail: 'FIN in the TLS handshake' } },
  },
  {
    name: 'FIN after the hello',
    act: afterHello((socket) => void socket.end()),
    expected: { outcome: 'closed-before-response', facts: { detail: 'FIN in the TLS handshake' } },
  },
  {
    name: 'an alert to the hello',
    act: afterHello((socket) => void socket.end(FATAL_HANDSHAKE_FAILURE, 'latin1')),
    expected: { outcome: 'tls' },
  },
  {
    name: 'plain HTTP',
    act: afterHello((socket) => void socket.end(answerText('', 400, ['Connection: close']))),
    expected: { outcome: 'tls', why: 'it is no record of TLS; that is all that can be said' },
  },
  {
    name: 'silence after the hello',
    act: afterHello(() => undefined),
    isSilent: true,
    expected: {
      outcome: 'connect-timeout',
      why: 'the connection was never there to send the request on',
    },
  },
]
