import { writeThen } from '../../support/hostile-server.ts'
import { chunked, type Expected, head, hostile, type HostileBehaviour } from '../behaviour.ts'

const PROTOCOL = { outcome: 'protocol' } as const
const LLHTTP_TAKES = (what: string): Expected => ({ outcome: 'ok', why: `llhttp takes ${what}` })

/** A length or a transfer coding that cannot be believed (RFC 9112, 6.3); a full answer follows all the same. */
const LENGTHS: readonly HostileBehaviour[] = [
  hostile(
    'the same Content-Length twice',
    writeThen(`${head('Content-Length: 2', 'Content-Length: 2')}ok`),
    { outcome: 'ok', why: 'equal values may be taken as one (RFC 9112, 6.3, rule 5)' },
    { undici: { ...PROTOCOL, why: 'undici refuses any second Content-Length' } },
  ),
  hostile(
    'two lengths',
    writeThen(`${head('Content-Length: 2', 'Content-Length: 3')}ok!`),
    PROTOCOL,
  ),
  hostile('a negative length', writeThen(`${head('Content-Length: -2')}ok`), PROTOCOL),
  hostile('a signed length', writeThen(`${head('Content-Length: +2')}ok`), PROTOCOL),
  hostile('an empty length', writeThen(`${head('Content-Length:')}ok`), PROTOCOL),
  hostile('a length in words', writeThen(`${head('Content-Length: two')}ok`), PROTOCOL),
  hostile(
    'a length beyond 2^64',
    writeThen(`${head(`Content-Length: ${'9'.repeat(25)}`)}ok`),
    PROTOCOL,
  ),
  hostile(
    'Content-Length, then Transfer-Encoding',
    writeThen(`${head('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`),
    { ...PROTOCOL, why: 'a sign of response splitting (RFC 9112, 6.3, rule 3)' },
  ),
  hostile(
    'Transfer-Encoding, then Content-Length',
    writeThen(`${head('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`),
    PROTOCOL,
  ),
  hostile(
    'an unknown Transfer-Encoding',
    writeThen(`${head('Transfer-Encoding: gzip')}ok`, 'fin'),
    { ...PROTOCOL, why: 'no TE was sent, so no coding but chunked is allowed (RFC 9112, 7.4)' },
    { undici: LLHTTP_TAKES('it as a body until close') },
  ),
  hostile(
    'chunked twice',
    writeThen(`${head('Transfer-Encoding: chunked, chunked')}0\r\n\r\n`),
    { ...PROTOCOL, why: 'a sender must not chunk twice (RFC 9112, 6.1)' },
    { undici: LLHTTP_TAKES('it as once') },
  ),
]

/** Chunks that are none (RFC 9112, 7.1). */
const CHUNKS: readonly HostileBehaviour[] = [
  hostile('a chunk size that is no number', writeThen(chunked('xyz\r\n')), PROTOCOL),
  hostile('an empty chunk size', writeThen(chunked('\r\nok\r\n0\r\n\r\n')), PROTOCOL),
  hostile('a negative chunk size', writeThen(chunked('-5\r\nhello\r\n0\r\n\r\n')), PROTOCOL),
  hostile('a chunk size with 0x', writeThen(chunked('0x2\r\nok\r\n0\r\n\r\n')), PROTOCOL),
  hostile('a chunk size beyond 2^64', writeThen(chunked(`${'F'.repeat(17)}\r\nhello`)), PROTOCOL),
  hostile('a chunk longer than it says', writeThen(chunked('1\r\nok\r\n0\r\n\r\n')), PROTOCOL),
  hostile('chunk lines that end in a bare LF', writeThen(chunked('2\nok\n0\n\n')), PROTOCOL),
]

/** Each of these could make two readers of one connection disagree on where an answer ends. */
export const framing: readonly HostileBehaviour[] = [...LENGTHS, ...CHUNKS]
