/** HTTP/2 frames by hand (RFC 9113, 4.1 and 6), so that a test can send what no library would. */

const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, at) => bytes.writeUInt32BE(value, 4 * at))
  return bytes
}

export const END_STREAM = 1
const END_HEADERS = 4

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

export const data = (stream: number, text: string, flags = 0) =>
  frame(0, flags, stream, Buffer.from(text))
export const rstStream = (stream: number, code: number) => frame(3, 0, stream, u32(code))
export const goaway = (lastStream: number, code: number) => frame(7, 0, 0, u32(lastStream, code))
export const ping = frame(6, 0, 0, Buffer.alloc(8))
/** SETTINGS_MAX_CONCURRENT_STREAMS alone, or nothing. */
export const settings = (maxStreams?: number) =>
  frame(
    4,
    0,
    0,
    maxStreams === undefined ? undefined : Buffer.concat([Buffer.from([0, 3]), u32(maxStreams)]),
  )
export const settingsAck = frame(4, 1, 0)

/** A head: `:status` from HPACK's static table where it is there, the others as literals (RFC 7541, 6.2.2). */
export function headers(
  stream: number,
  status: number | undefined,
  fields: Readonly<Record<string, string>> = {},
  flags = 0,
): Buffer {
  const literal = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
  const line = (name: string, value: string) =>
    Buffer.concat([Buffer.from([0]), literal(name), literal(value)])
  const all = Object.entries(fields).map(([name, value]) => line(name, value))
  if (status === 200) all.unshift(Buffer.from([0x88]))
  else if (status !== undefined) all.unshift(line(':status', String(status)))
  return frame(1, END_HEADERS | flags, stream, Buffer.concat(all))
}
