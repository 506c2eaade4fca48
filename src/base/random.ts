/** A reproducible source of chance; the same seed and name give the same sequence. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Uniform integer in [0, count). */
  below(count: number): number
  /** A lower-case suffix as Kubernetes makes for generated names (no vowels, no 0 1 3). */
  suffix(length: number): string
  /** A version-4 UUID. */
  uuid(): string
  /** An independent source; drawing from it never shifts the sequence of this one. */
  stream(name: string): Random
}

const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** FNV-1a over the name, folded into the seed: gives streams that do not follow one another. */
function mixSeed(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  return hash
}

/** mulberry32: 32 bits of state, good enough for delays and choices, and the same on every machine. */
export function random(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (count: number) => Math.floor(next() * count)
  const pick = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join('')
  const hex = (length: number) => pick('0123456789abcdef', length)
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    suffix: (length) => pick(SUFFIX_ALPHABET, length),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick('89ab', 1)}${hex(3)}-${hex(12)}`,
    stream: (name) => random(mixSeed(seed, name)),
  }
}
