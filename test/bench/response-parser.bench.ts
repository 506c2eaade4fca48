import { HeadMemo } from '../../src/load/raw/response-head.ts'
import { ResponseParser } from '../../src/load/raw/response-parser.ts'
import { machineLine, nanosecondsEach, print, spread, table } from './measure.ts'

/** What does it cost to read one response? */
const CALLS = 200_000
const REPEATS = 7

const head = (...lines: string[]) => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n')
const TYPICAL = [
  'Server: nginx/1.27.0',
  'Date: Mon, 01 Jan 2024 00:00:00 GMT',
  'Content-Type: text/html; charset=utf-8',
  'Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT',
  'Connection: keep-alive',
  'ETag: "65920000-267"',
  'Accept-Ranges: bytes',
  'X-Pod-Name: web-5d4f8c7b9d-abcde',
]
const RESPONSES = {
  'length, 2 headers, 64 bytes': head('Server: bench', 'Content-Length: 64') + 'x'.repeat(64),
  'length, 9 headers, 615 bytes': head(...TYPICAL, 'Content-Length: 615') + 'x'.repeat(615),
  'chunked, 9 headers, 3 chunks of 200 bytes':
    head(...TYPICAL, 'Transfer-Encoding: chunked') +
    `c8\r\n${'x'.repeat(200)}\r\n`.repeat(3) +
    '0\r\n\r\n',
}

print(machineLine())
const parser = new ResponseParser('x-pod-name', new HeadMemo())
const rows = Object.entries(RESPONSES).map(([name, text]) => {
  const bytes = Buffer.from(text)
  const read = () => {
    parser.expect('GET')
    parser.feed(bytes, bytes.length)
    if (!parser.isComplete) throw new Error(`not read: ${name}`)
  }
  const figures = Array.from({ length: REPEATS }, () => nanosecondsEach(CALLS, read))
  return [name, spread(figures)]
})
print(table(['response', `ns each, median (range) of ${REPEATS}`], rows))
