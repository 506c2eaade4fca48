import type { IncomingMessage, ServerResponse } from 'node:http'

const STREAM_PIECES = 10

const podName = process.env['HOSTNAME'] ?? ''
const delayMs = Number(process.env['DELAY_MS'] ?? 0)
const body =
  process.env['BODY_BYTES'] === undefined
    ? Buffer.from(`hello from ${podName}\n`)
    : Buffer.alloc(Number(process.env['BODY_BYTES']), 'x')

/** The answer of every lab app: after DELAY_MS, BODY_BYTES long, in pieces with STREAM=1; `/healthz` at once. */
export function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  if (request.url === '/healthz') {
    answerWithText(response, 200, 'ok\n')
    return
  }
  if (process.env['STREAM'] === '1') {
    streamBody(response)
    return
  }
  const send = () => {
    writeHead(response, 200, body.length)
    response.end(body)
  }
  if (delayMs > 0) setTimeout(send, delayMs)
  else send()
}

/** A short answer at once, with the pod's name in its head as in every other. */
export function answerWithText(response: ServerResponse, status: number, text: string): void {
  writeHead(response, status, Buffer.byteLength(text))
  response.end(text)
}

/** 200 with a JSON body. */
export function answerWithJson(response: ServerResponse, value: unknown): void {
  const text = `${JSON.stringify(value)}\n`
  writeHead(response, 200, Buffer.byteLength(text), 'application/json')
  response.end(text)
}

function writeHead(
  response: ServerResponse,
  status: number,
  lengthBytes: number,
  contentType = 'text/plain',
): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': lengthBytes,
    'X-Pod-Name': podName,
  })
}

function streamBody(response: ServerResponse): void {
  writeHead(response, 200, body.length)
  response.flushHeaders()
  const pieceBytes = Math.max(1, Math.ceil(body.length / STREAM_PIECES))
  let sentBytes = 0
  const sendPiece = () => {
    const piece = body.subarray(sentBytes, sentBytes + pieceBytes)
    sentBytes += piece.length
    if (sentBytes >= body.length) response.end(piece)
    else {
      response.write(piece)
      setTimeout(sendPiece, delayMs / STREAM_PIECES)
    }
  }
  setTimeout(sendPiece, delayMs / STREAM_PIECES)
}
