// Everything that could move a cursor, set a title, write a clipboard or reorder text:
// C0, DEL, C1, zero-width and bidirectional controls, line and paragraph separators, lone surrogates.
const UNSAFE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu

const escaped = (character: string) =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

/** Makes a string from the cluster or the network safe to draw: one line, no control characters, bounded. */
export function sanitize(text: string, maxLength = 300): string {
  const safe = text.slice(0, maxLength * 2).replace(UNSAFE, escaped)
  return safe.length > maxLength ? `${safe.slice(0, maxLength - 1)}…` : safe
}
