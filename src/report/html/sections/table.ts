import { type Child, element, type Markup } from '../markup.ts'

/** A column's name; `right` for numbers. */
export interface Column {
  readonly name: string
  readonly align?: 'right'
}

/** A table that scrolls sideways in a narrow window. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Child[])[],
): Markup {
  const cellClass = (at: number) => columns[at]?.align
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          columns.map(({ name, align }) => element('th', { scope: 'col', class: align }, name)),
        ),
      ),
      element(
        'tbody',
        {},
        rows.map((row) =>
          element(
            'tr',
            {},
            row.map((cell, at) => element('td', { class: cellClass(at) }, cell)),
          ),
        ),
      ),
    ),
  )
}
