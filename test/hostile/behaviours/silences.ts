import { answerText, blackHole, writeThen } from '../../support/hostile-server.ts'
import {
  chunked,
  drip,
  flood,
  head,
  hostile,
  type HostileBehaviour,
  inPieces,
} from '../behaviour.ts'

const LATE = { outcome: 'response-timeout' } as const
const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'

/** Answers that do not end; the deadline ends them. */
export const silences: readonly HostileBehaviour[] = [
  hostile('a black hole', blackHole, { ...LATE, facts: { bytesReceived: 0 } }),
  hostile('half a status line, then silence', writeThen('HTTP/1.1 2'), LATE),
  hostile('half a head, then silence', writeThen('HTTP/1.1 200 OK\r\nContent-Le'), LATE),
  hostile('a head, then silence', writeThen(head('Content-Length: 10')), {
    ...LATE,
    facts: { status: 200 },
  }),
  hostile('half a body, then silence', writeThen(`${head('Content-Length: 10')}half!`), LATE),
  hostile('half a chunk, then silence', writeThen(chunked('5\r\nha')), LATE),
  hostile('no last chunk, then silence', writeThen(chunked('5\r\nwhole\r\n')), LATE),
  hostile('a body until a close that never comes', writeThen(`${head()}so far`), LATE),
  hostile('a dripping head', drip('HTTP/1.1 200 OK\r\n', 'X-Drip: 1\r\n', 20), LATE),
  hostile('a dripping length body', drip(head('Content-Length: 10000'), '.', 20), LATE),
  hostile('a dripping chunked body', drip(chunked(''), '1\r\n.\r\n', 20), LATE),
  hostile('a 103, then silence', writeThen('HTTP/1.1 103 Early Hints\r\n\r\n'), LATE),
  hostile('1xx heads without end', drip('', EARLY_HINTS, 5), LATE),
]

/** Answers that do not end and are many bytes; the limit on an answer's length ends them. */
export const floods: readonly HostileBehaviour[] = [
  hostile('a chunked body without end', flood(chunked(''), `1000\r\n${'.'.repeat(4_096)}\r\n`), {
    outcome: 'protocol',
    why: 'longer than maxResponseBytes',
  }),
  hostile('a body until close without end', flood(head(), '.'.repeat(16_384)), {
    outcome: 'protocol',
    why: 'longer than maxResponseBytes',
  }),
  hostile('a head without end', flood('HTTP/1.1 200 OK\r\n', `X-Bomb: ${'a'.repeat(1_000)}\r\n`), {
    outcome: 'protocol',
  }),
  hostile('one header without end', flood('HTTP/1.1 200 OK\r\nX-Bomb: ', 'a'.repeat(4_096)), {
    outcome: 'protocol',
  }),
  hostile('trailers without end', flood(chunked('0\r\n'), 'X-Bomb: 1\r\n'.repeat(500)), {
    outcome: 'protocol',
  }),
  hostile('a chunk extension without end', flood(chunked('5;a='), 'b'.repeat(4_096)), {
    outcome: 'protocol',
  }),
  hostile('1xx heads without end, fast', flood('', EARLY_HINTS.repeat(200)), {
    outcome: 'protocol',
    why: 'longer than maxResponseBytes, heads counted',
  }),
  hostile('garbage without end', flood('', '\u0000\u00ff\u0001'.repeat(2_000)), {
    outcome: 'protocol',
  }),
]

/** Answers that are slow or odd in how they arrive, and good. */
export const slowAnswers: readonly HostileBehaviour[] = [
  hostile('an answer byte by byte', inPieces(answerText().match(/./gs) ?? []), { outcome: 'ok' }),
  hostile(
    'chunks cut at every byte',
    inPieces(chunked('5;x=y\r\nwhole\r\n0\r\nX-Sum: 1\r\n\r\n').match(/./gs) ?? []),
    { outcome: 'ok' },
  ),
  hostile(
    'a thousand 103 heads, then the answer',
    writeThen(EARLY_HINTS.repeat(1_000) + answerText()),
    { outcome: 'ok', why: 'any number of 1xx may come first (RFC 9110, 15.2)' },
  ),
]
