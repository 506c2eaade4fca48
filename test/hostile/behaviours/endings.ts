import { writeThen } from '../../support/hostile-server.ts'
import { chunked, head, hostile, type HostileBehaviour } from '../behaviour.ts'

const HALF_LENGTH = head('Content-Length: 10')

/** A place in the answer, what of it has been written by then, and whether the body has begun. */
const PLACES: readonly [string, string, 'before' | 'in-body'][] = [
  ['before the first byte', '', 'before'],
  ['in the status line', 'HTTP/1.1 2', 'before'],
  ['in the head', 'HTTP/1.1 200 OK\r\nContent-Le', 'before'],
  ['before the blank line', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n', 'before'],
  ['after a 103', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', 'before'],
  ['between head and body', HALF_LENGTH, 'in-body'],
  ['in a length body', `${HALF_LENGTH}half!`, 'in-body'],
  ['one byte short', `${HALF_LENGTH}nearly it`, 'in-body'],
  ['before the first chunk', chunked(''), 'in-body'],
  ['in a chunk size', chunked('5\r\nwhole\r\n1'), 'in-body'],
  ['in a chunk', chunked('5\r\nwhole\r\n5\r\nha'), 'in-body'],
  ['between two chunks', chunked('5\r\nwhole\r\n'), 'in-body'],
  ['in the last chunk', chunked('5\r\nwhole\r\n0\r\n'), 'in-body'],
  ['in the trailers', chunked('5\r\nwhole\r\n0\r\nX-Sum: 1\r\n'), 'in-body'],
]

const facts = (text: string, phase: 'before' | 'in-body', detail: string) => ({
  detail,
  bytesReceived: text.length,
  ...(phase === 'in-body' && { status: 200 }),
})

/** The connection ends, by FIN or by RST, at each place of the answer. */
export const endings: readonly HostileBehaviour[] = [
  ...PLACES.flatMap(([place, text, phase]) => [
    hostile(`FIN ${place}`, writeThen(text, 'fin'), {
      outcome: phase === 'in-body' ? 'closed-in-body' : 'closed-before-response',
      facts: facts(text, phase, 'FIN'),
    }),
    hostile(`RST ${place}`, writeThen(text, 'rst'), {
      outcome: phase === 'in-body' ? 'reset-in-body' : 'reset-before-response',
      facts: facts(text, phase, 'ECONNRESET'),
    }),
  ]),
  hostile('RST in a body until close', writeThen(`${head()}so far`, 'rst'), {
    outcome: 'reset-in-body',
    facts: { status: 200, detail: 'ECONNRESET' },
  }),
  hostile('FIN in a body until close', writeThen(`${head()}all of it`, 'fin'), {
    outcome: 'ok',
    why: 'the FIN is the end of the body (RFC 9112, 6.3, rule 8)',
  }),
  hostile('HTTP/1.0 until close', writeThen('HTTP/1.0 200 OK\r\n\r\nall of it', 'fin'), {
    outcome: 'ok',
  }),
]
