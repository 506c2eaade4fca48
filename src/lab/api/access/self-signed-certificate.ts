import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** PEM texts. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
}

const DAY_MS = 86_400_000
const LIFE_DAYS = 365

/** A certificate for 127.0.0.1 and localhost that is its own authority; clients that verify it need nothing but it. */
export function selfSignedCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const content = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    NAME,
    sequence(time(-DAY_MS), time(LIFE_DAYS * DAY_MS)),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(IS_AUTHORITY, FOR_ADDRESSES)),
  )
  const signature = sign('sha256', content, privateKey)
  const bits = tagged(0x03, Buffer.concat([Buffer.from([0]), signature]))
  const der = sequence(content, ECDSA_WITH_SHA256, bits)
  return {
    certificate: pem('CERTIFICATE', der),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/** One element of ASN.1 in DER. */
function tagged(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...contents: Buffer[]): Buffer => tagged(0x30, ...contents)
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes)
const octets = (content: Buffer): Buffer => tagged(0x04, content)
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))

function time(fromNowMs: number): Buffer {
  const text = new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]|\.\d+/g, '')
  return tagged(0x17, Buffer.from(text.slice(2)))
}

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'))
const TRUE = Buffer.from([0x01, 0x01, 0xff])
/** CN=podtank-lab */
const NAME = sequence(
  tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from('podtank-lab')))),
)
const IS_AUTHORITY = sequence(oid('551d13'), TRUE, octets(sequence(TRUE)))
const FOR_ADDRESSES = sequence(
  oid('551d11'),
  octets(
    sequence(
      tagged(0x82, Buffer.from('localhost')),
      tagged(0x82, Buffer.from('kubernetes.default.svc')),
      tagged(0x87, Buffer.from([127, 0, 0, 1])),
    ),
  ),
)

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
