import type { ServerResponse } from 'node:http'

const CHUNK = Buffer.alloc(64 * 1024, 'x')
/** So that a client without a limit ends its test all the same. */
const MAX_ENDLESS_BYTES = 512 * 1024 * 1024

/** A line that is no JSON. */
export const MALFORMED_LINE = '{"type":"MODIFIED","object":{]<html>not json</html>\n'

/** Sends bytes without a line break as fast as the client reads them, until it leaves or has had 512 MiB. */
export function sendEndless(response: ServerResponse): void {
  let sentBytes = 0
  const more = (): void => {
    while (!response.destroyed && sentBytes < MAX_ENDLESS_BYTES) {
      sentBytes += CHUNK.length
      if (!response.write(CHUNK)) {
        response.once('drain', more)
        return
      }
    }
    response.destroy()
  }
  response.write('{"type":"ADDED","object":{"metadata":{"name":"')
  more()
}

/** The first half of a text, then an end that looks like a good one. */
export function sendTruncated(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(text.slice(0, Math.ceil(text.length / 2)))
}
