/** One instruction of a Dockerfile, its continuation lines joined. */
export interface Instruction {
  /** In upper case. */
  readonly name: string
  readonly text: string
  /** Where it begins, from 1. */
  readonly line: number
  /** Its first line. */
  readonly source: string
}

/** Splits a Dockerfile into instructions: comments, `# escape=`, line continuations and here-documents. */
export function readInstructions(text: string): Instruction[] {
  const lines = text.split(/\r?\n/)
  const escape = /^#\s*escape\s*=\s*`/im.test(lines[0] ?? '') ? '`' : '\\'
  const instructions: Instruction[] = []
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at] ?? ''
    if (isBlankOrComment(first)) continue
    const line = at + 1
    let whole = first.trim()
    while (whole.endsWith(escape) && at + 1 < lines.length) {
      const next = lines[++at] ?? ''
      // A comment or an empty line within a continuation is left out, as docker does.
      if (isBlankOrComment(next)) whole = at + 1 < lines.length ? whole : whole.slice(0, -1)
      else whole = whole.slice(0, -1) + next.trim()
    }
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(whole) ?? []
    instructions.push({ name: name.toUpperCase(), text: rest.trim(), line, source: first })
    at = skipHereDocuments(lines, at, name.toUpperCase(), rest)
  }
  return instructions
}

const isBlankOrComment = (line: string): boolean => /^\s*(?:#|$)/.test(line)

/** `RUN <<EOF` and `COPY <<EOF` go on to a line that is EOF; gives the last line that belongs to them. */
function skipHereDocuments(
  lines: readonly string[],
  from: number,
  name: string,
  rest: string,
): number {
  if (name !== 'RUN' && name !== 'COPY' && name !== 'ADD') return from
  let at = from
  for (const [, word = ''] of rest.matchAll(/<<-?["']?([A-Za-z_]\w*)["']?/g)) {
    const end = lines.findIndex((line, index) => index > at && line.trim() === word)
    if (end !== -1) at = end
  }
  return at
}
