/** Columns of a CSV file; row `seq` modulo the number of rows. */
export interface CsvColumns {
  readonly names: readonly string[]
  readonly rows: number
  valueOf(column: string, seq: number): string
}

/** What is wrong in a CSV text, and in which line. */
export interface CsvError {
  readonly message: string
  readonly line: number
}

/** No CSV, for requests that need none. */
export const NO_CSV: CsvColumns = { names: [], rows: 0, valueOf: () => '' }

/** A quoted field with what ends it, or an unquoted one (RFC 4180). */
const FIELD = /"([^"]*(?:""[^"]*)*)"(,|\r?\n|$)|([^",\r\n]*)(,|\r?\n|$)/y

/** Reads RFC 4180: commas, double quotes, names in the first line, the same number of fields in each. */
export function readCsv(text: string): CsvColumns | CsvError {
  const records: string[][] = []
  let record: string[] = []
  let line = 1
  FIELD.lastIndex = text.startsWith('\ufeff') ? 1 : 0
  while (FIELD.lastIndex < text.length) {
    const match = FIELD.exec(text)
    if (!match) return { message: 'a quote stands where none may be, or is not closed', line }
    const [whole, quoted, quotedEnd, plain = '', plainEnd = ''] = match
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    const end = quotedEnd ?? plainEnd
    if (end === ',' && FIELD.lastIndex === text.length) record.push('')
    if (end !== ',' || FIELD.lastIndex === text.length) {
      const isBlank = record.length === 1 && record[0] === '' && quoted === undefined
      if (!isBlank) records.push(record)
      const expected = records[0]?.length ?? 0
      if (!isBlank && record.length !== expected) {
        return { message: `there are ${record.length} fields, and ${expected} names`, line }
      }
      record = []
    }
    line += whole.split('\n').length - 1
  }
  return columnsOf(records)
}

function columnsOf([names = [], ...rows]: readonly string[][]): CsvColumns | CsvError {
  if (rows.length === 0) return { message: 'there are no rows below the names', line: 1 }
  const trimmed = names.map((name) => name.trim())
  const columns = new Map(
    trimmed.map((name, at) => [name, rows.map((row) => row[at] ?? '')] as const),
  )
  return {
    names: trimmed,
    rows: rows.length,
    valueOf: (column, seq) => columns.get(column)?.[seq % rows.length] ?? '',
  }
}
