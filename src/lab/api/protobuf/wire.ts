/** One field of a protobuf message as it lies on the wire. */
export interface WireField {
  readonly number: number
  /** An integer, or the bytes of a string or message. */
  readonly value: bigint | Buffer
}

const VARINT = 0
const FIXED_64 = 1
const BYTES = 2
const FIXED_32 = 5

/** The fields of a message in order. Throws a RangeError when the bytes are no message. */
export function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at]
      if (byte === undefined) break
      at += 1
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    throw new RangeError('a number does not end')
  }
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > bytes.length) throw new RangeError('unexpected EOF')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const number = tag >> 3
    switch (tag & 7) {
      case VARINT:
        yield { number, value: varint() }
        break
      case FIXED_64:
        yield { number, value: take(8) }
        break
      case BYTES:
        yield { number, value: take(Number(varint())) }
        break
      case FIXED_32:
        yield { number, value: take(4) }
        break
      default:
        throw new RangeError(`wire type ${String(tag & 7)}`)
    }
  }
}
