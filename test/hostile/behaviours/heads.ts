import { answerText, writeThen } from '../../support/hostile-server.ts'
import { head, hostile, type HostileBehaviour } from '../behaviour.ts'

const PROTOCOL = { outcome: 'protocol' } as const

const statusLine = (line: string): string => `${line}\r\nContent-Length: 2\r\n\r\nok`
const withHeader = (line: string): string => `${head(line, 'Content-Length: 2')}ok`
/** SETTINGS, as an HTTP/2 server begins. */
const H2_SETTINGS = '\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x80'

const STATUS_LINES: readonly HostileBehaviour[] = [
  hostile('garbage', writeThen('SSH-2.0-OpenSSH_9.9\r\n', 'fin'), PROTOCOL),
  hostile('a body and no head', writeThen('hello world', 'fin'), {
    ...PROTOCOL,
    why: 'HTTP/0.9 is not spoken any more (RFC 9112, 2.3)',
  }),
  hostile('HTTP/2 frames', writeThen(H2_SETTINGS), PROTOCOL),
  hostile('a TLS alert', writeThen('\x15\x03\x03\0\x02\x02\x28', 'fin'), PROTOCOL),
  hostile('status 000', writeThen(statusLine('HTTP/1.1 000 None')), PROTOCOL),
  hostile('status 099', writeThen(statusLine('HTTP/1.1 099 Low')), PROTOCOL),
  hostile('status 1000', writeThen(statusLine('HTTP/1.1 1000 High')), PROTOCOL),
  hostile('a negative status', writeThen(statusLine('HTTP/1.1 -20 Odd')), PROTOCOL),
  hostile('a status of two digits', writeThen(statusLine('HTTP/1.1 20 Short')), PROTOCOL),
  hostile('status 999', writeThen(statusLine('HTTP/1.1 999 Odd')), {
    outcome: 'bad-status',
    facts: { status: 999 },
    why: 'three digits, of no known class (RFC 9110, 15)',
  }),
  hostile('no reason', writeThen(statusLine('HTTP/1.1 200')), {
    outcome: 'ok',
    why: 'seen so often that parsers take it, with and without the blank (RFC 9112, 4)',
  }),
  hostile('version 1.2', writeThen(statusLine('HTTP/1.2 200 OK')), PROTOCOL),
  hostile('a lower-case version', writeThen(statusLine('http/1.1 200 OK')), PROTOCOL),
  hostile('101 that nobody asked for', writeThen('HTTP/1.1 101 Up\r\n\r\n'), PROTOCOL),
  hostile(
    '101 with Upgrade',
    writeThen('HTTP/1.1 101 Up\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    PROTOCOL,
  ),
  hostile(
    '100 Continue that nobody asked for',
    writeThen(`HTTP/1.1 100 Continue\r\n\r\n${answerText()}`),
    { outcome: 'ok', why: 'a client must read past it (RFC 9110, 15.2)' },
    { undici: { ...PROTOCOL, why: 'undici refuses 100 when it did not expect it' } },
  ),
]

const HEADER_LINES: readonly HostileBehaviour[] = [
  hostile('a NUL in a header', writeThen(withHeader('X-Odd: a\0b')), {
    ...PROTOCOL,
    why: 'reject or replace (RFC 9110, 5.5)',
  }),
  hostile('a control byte in a header', writeThen(withHeader('X-Odd: a\x01b')), PROTOCOL),
  hostile('a bare CR in a header', writeThen(withHeader('X-Odd: a\rX-B: b')), {
    ...PROTOCOL,
    why: 'invalid, or a blank (RFC 9112, 2.2)',
  }),
  hostile('a bare LF in a head', writeThen(withHeader('X-Odd: a\nX-B: b')), {
    ...PROTOCOL,
    why: 'a reader may take it as a line end and need not (RFC 9112, 2.2)',
  }),
  hostile('a head of bare LFs', writeThen('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'), PROTOCOL),
  hostile('a folded header', writeThen(withHeader('X-Odd: a\r\n b')), {
    ...PROTOCOL,
    why: 'stricter than RFC 9112, 5.2, by which a user agent takes it as a blank; undici refuses it too',
  }),
  hostile('a blank before the first header', writeThen(withHeader(' X-Odd: a')), PROTOCOL),
  hostile('a blank before a colon', writeThen(withHeader('X-Odd : a')), {
    ...PROTOCOL,
    why: 'no blank is allowed there (RFC 9112, 5.1)',
  }),
  hostile('a header without a colon', writeThen(withHeader('X-Odd')), PROTOCOL),
  hostile('a header without a name', writeThen(withHeader(': a')), PROTOCOL),
  hostile('bytes above 127 in a header', writeThen(withHeader('X-Odd: \xe9\xff')), {
    outcome: 'ok',
    why: 'opaque data (RFC 9110, 5.5)',
  }),
]

const BOMBS: readonly HostileBehaviour[] = [
  hostile(
    '20,000 headers',
    writeThen(withHeader(Array(20_000).fill('X-A: 1').join('\r\n'))),
    PROTOCOL,
  ),
  hostile('a header of 1 MB', writeThen(withHeader(`X-A: ${'a'.repeat(1_000_000)}`)), PROTOCOL),
  hostile('a head of 40 kB', writeThen(withHeader(`X-A: ${'a'.repeat(40_000)}`)), {
    outcome: 'ok',
  }),
]

/** Heads that are none, or that a strict reader cannot take. */
export const heads: readonly HostileBehaviour[] = [...STATUS_LINES, ...HEADER_LINES, ...BOMBS]
