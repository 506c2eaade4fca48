import { describe, expect, it } from 'vitest'
import { createAnswerTracker } from '../../../src/lab/network/service/answer-tracker.ts'

const REQUEST = 'GET / HTTP/1.1\r\n\r\n'

/** Whether an answer is owed after a request and these pieces of its answer. */
function owedAfter(...pieces: string[]): boolean {
  return owedAfterRequest(REQUEST, ...pieces)
}

function owedAfterRequest(request: string, ...pieces: string[]): boolean {
  const tracker = createAnswerTracker()
  tracker.clientSent(Buffer.from(request))
  for (const piece of pieces) tracker.upstreamSent(Buffer.from(piece))
  return tracker.open
}

describe('an answer', () => {
  it('is not owed before the first request', () => {
    expect(createAnswerTracker().open).toBe(false)
  })

  it.each([
    ['a request alone', true, []],
    ['half a head', true, ['HTTP/1.1 200 OK\r\nConte']],
    ['a whole answer', false, ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok']],
    ['a whole answer in pieces', false, ['HTTP/1.1 200 OK\r\ncontent-length: 2\r', '\n\r\no', 'k']],
    ['half a body', true, ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok']],
    ['an answer without a body', false, ['HTTP/1.1 204 No Content\r\n\r\n']],
    ['an empty body', false, ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n']],
    ['a provisional answer', true, ['HTTP/1.1 100 Continue\r\n\r\n']],
    ['a body until the close', true, ['HTTP/1.1 200 OK\r\n\r\nok']],
    ['an open chunk', true, ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok']],
    [
      'the last chunk',
      false,
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n', '0\r\n\r\n'],
    ],
    ['bytes of another protocol', false, ['+OK\r\n']],
  ] as [string, boolean, string[]][])('after %s is owed: %s', (_, owed, pieces) => {
    expect(owedAfter(...pieces)).toBe(owed)
  })

  it('has no body after HEAD, whatever its length says', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
    expect(owedAfterRequest('HEAD / HTTP/1.1\r\n\r\n', head)).toBe(false)
  })
})
