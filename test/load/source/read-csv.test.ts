import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../src/load/source/read-csv.ts'

describe('a CSV file', () => {
  it('reads back whatever was written after RFC 4180', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é') })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, lineEnd, endsWithLine) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
          const text = [['one', 'two'], ...rows]
            .map((row) => row.map(quoted).join(','))
            .join(lineEnd)
          const csv = readCsv(endsWithLine ? text + lineEnd : text)
          if ('message' in csv) throw new Error(csv.message)
          expect(csv.names).toEqual(['one', 'two'])
          expect(rows.map((_, at) => [csv.valueOf('one', at), csv.valueOf('two', at)])).toEqual(
            rows,
          )
          expect(csv.valueOf('two', rows.length)).toBe(rows[0]?.[1])
        },
      ),
    )
  })

  it('may have a byte-order mark, blank lines and empty fields', () => {
    const csv = readCsv('\ufeffa,b\r\n\r\n1,\n,2')
    expect(
      'message' in csv ? csv : [csv.names, csv.rows, csv.valueOf('b', 0), csv.valueOf('b', 1)],
    ).toEqual([['a', 'b'], 2, '', '2'])
  })

  it.each([
    ['a,b\n1\n', 'there are 1 fields, and 2 names', 2],
    ['a,b\n1,"2\n', 'a quote stands where none may be, or is not closed', 2],
    ['a\nx"y\n', 'a quote stands where none may be, or is not closed', 2],
    ['a,b\n', 'there are no rows below the names', 1],
    ['', 'there are no rows below the names', 1],
  ])('%j is refused', (text, message, line) => {
    expect(readCsv(text)).toEqual({ message, line })
  })
})
