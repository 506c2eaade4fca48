const UNIT_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  KiB: 1_024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1_000_000_000,
  GiB: 1_073_741_824,
}

/** Reads a size such as `64MiB` or `10kB` into whole bytes; undefined when it is none. */
export function readSizeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([kKMG]?i?B)$/.exec(text)
  const unit = UNIT_BYTES[match?.[2] ?? '']
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : undefined
}
