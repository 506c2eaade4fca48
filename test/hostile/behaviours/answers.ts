import { answerText, writeThen } from '../../support/hostile-server.ts'
import { head, hostile, type HostileBehaviour, inPieces } from '../behaviour.ts'

const OK = { outcome: 'ok' } as const
const SMUGGLED = answerText('not yours', 418)
/** One byte expands to a thousand; only its first bytes are there, which is all that a client must need. */
const BOMB = '\x1f\x8b\x08\0\0\0\0\0\0\x03' + '\xec\xc1\x01\x0d'.repeat(64)

/** Whole answers, after which the connection may not be used, or may be and looks as if not. */
export const answers: readonly HostileBehaviour[] = [
  hostile('an answer too long', writeThen(`${answerText()}!!!!`), OK, { on: 'new' }),
  hostile('a second answer at once', writeThen(answerText() + SMUGGLED), OK, { on: 'new' }),
  hostile('a second answer a little later', inPieces([answerText(), SMUGGLED]), OK, { on: 'new' }),
  hostile('204 with a body', writeThen(answerText('no', 204)), OK, { on: 'new' }),
  hostile('304 with a body', writeThen(answerText('no', 304)), OK, { on: 'new' }),
  hostile('an answer, then FIN', writeThen(answerText(), 'fin'), OK, { on: 'new' }),
  hostile('an answer, then RST', writeThen(answerText(), 'rst'), OK, { on: 'new' }),
  hostile(
    '204 that names a length',
    writeThen('HTTP/1.1 204 None\r\nContent-Length: 9\r\n\r\n'),
    OK,
  ),
  hostile(
    '304 that names a length',
    writeThen('HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n'),
    OK,
  ),
  hostile('205 with a length of 0', writeThen(answerText('', 205)), OK),
  hostile(
    'Connection: close, the connection left open',
    writeThen(answerText('ok', 200, ['Connection: close'])),
    OK,
  ),
  hostile(
    'HTTP/1.0 with keep-alive',
    writeThen('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'),
    OK,
  ),
  hostile(
    'HTTP/1.0 with a length, left open',
    writeThen('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    OK,
  ),
  hostile('Keep-Alive: timeout=0', writeThen(answerText('ok', 200, ['Keep-Alive: timeout=0'])), OK),
  hostile(
    'Keep-Alive in words',
    writeThen(answerText('ok', 200, ['Keep-Alive: timeout=-9e99, max=none'])),
    OK,
  ),
  hostile(
    'a body that says gzip and is a bomb',
    writeThen(answerText(BOMB, 200, ['Content-Encoding: gzip'])),
    {
      ...OK,
      why: 'never inflated on the way',
    },
  ),
  hostile(
    'a redirect to somewhere else',
    writeThen(answerText('', 302, ['Location: http://127.0.0.1:9/'])),
    {
      ...OK,
      why: '302 is an answer, and not followed',
    },
  ),
  hostile('a redirect without end', writeThen(answerText('', 307, ['Location: /'])), OK),
  hostile(
    '401 that asks for a password',
    writeThen(answerText('', 401, ['WWW-Authenticate: Basic'])),
    {
      outcome: 'bad-status',
      facts: { status: 401 },
      why: 'not sent again',
    },
  ),
  hostile('421', writeThen(answerText('', 421)), { outcome: 'bad-status', why: 'not sent again' }),
  hostile('503 with Retry-After', writeThen(answerText('no', 503, ['Retry-After: 0'])), {
    outcome: 'bad-status',
    facts: { status: 503 },
    why: 'not sent again',
  }),
  hostile('408 and FIN', writeThen(answerText('', 408, ['Connection: close']), 'fin'), {
    outcome: 'bad-status',
    facts: { status: 408 },
    why: 'a 408 before the request may be sent again; here it is the answer',
  }),
  hostile(
    'bytes that look like the end of an answer',
    writeThen(`${head('Content-Length: 9')}\r\n\r\n0\r\n\r\n`),
    OK,
  ),
]
