const HEADER_LINE = /^\[\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\t\x20-\x7e\x80-\xff]*?)\s*\]\s*$/

/** The `[Header: value]` lines of Tank's `uri` and `uripost`: each holds for all that follows. */
export class HeaderLines {
  /** By name as it was written last. */
  values: Readonly<Record<string, string>> = {}

  /** Takes a line in brackets; false when it is no header. */
  take(line: string): boolean {
    const [, name, value] = HEADER_LINE.exec(line) ?? []
    if (name === undefined || value === undefined) return false
    if (this.values[name] === value) return true
    const others = Object.entries(this.values).filter(
      ([other]) => other.toLowerCase() !== name.toLowerCase(),
    )
    this.values = Object.fromEntries([...others, [name, value]])
    return true
  }
}
