const NANOS = 1_000_000_000n
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
/** Of the exponent of ten, beyond which nothing is a quantity that anybody means. */
const LARGEST_EXPONENT = 18

/**
 * A quantity as the API server writes it back (apimachinery's CanonicalizeBytes): `0.5` is `500m`, `1024Mi` is `1Gi`. What
 * is no quantity stays as it is, for others to refuse.
 */
export function canonicalQuantity(quantity: string | number): string {
  const text = String(quantity)
  const match = /^([+-]?)(\d*)\.?(\d*)([eE][+-]?\d+)?([a-zA-Z]*)$/.exec(text)
  const [, sign = '', whole = '', fraction = '', power = '', suffix = ''] = match ?? []
  if (whole + fraction === '' || (power !== '' && suffix !== '')) return text
  const exponent = power === '' ? 0 : Number(power.slice(1))
  const factor = factorOf(suffix)
  if (factor === undefined || Math.abs(exponent) > LARGEST_EXPONENT) return text
  const scaled = BigInt(whole + fraction) * factor * 10n ** BigInt(LARGEST_EXPONENT + exponent)
  const divisor = 10n ** BigInt(LARGEST_EXPONENT + fraction.length)
  // Less than a nano is rounded up.
  const nanos = (scaled + divisor - 1n) / divisor
  return (sign === '-' && nanos > 0n ? '-' : '') + write(nanos, suffix, power !== '')
}

/** In nanos. */
function factorOf(suffix: string): bigint | undefined {
  const binary = BINARY.indexOf(suffix)
  if (binary > 0) return NANOS * 1024n ** BigInt(binary)
  const decimal = DECIMAL.indexOf(suffix)
  return decimal === -1 ? undefined : 10n ** BigInt(3 * decimal)
}

function write(nanos: bigint, suffix: string, hasPower: boolean): string {
  if (nanos === 0n) return '0'
  const isBinary = BINARY.indexOf(suffix) > 0
  if (isBinary && nanos >= 1024n * NANOS && nanos % NANOS === 0n) {
    const [number, times] = withoutFactors(nanos / NANOS, 1024n, BINARY.length - 1)
    return `${number}${BINARY[times] ?? ''}`
  }
  const [number, times] = withoutFactors(nanos, 1_000n, DECIMAL.length - 1)
  const exponent = 3 * times - 9
  if (hasPower) return exponent === 0 ? String(number) : `${number}e${String(exponent)}`
  return `${number}${DECIMAL[times] ?? ''}`
}

function withoutFactors(value: bigint, factor: bigint, most: number): [bigint, number] {
  let [number, times] = [value, 0]
  for (; times < most && number % factor === 0n; times++) number /= factor
  return [number, times]
}
