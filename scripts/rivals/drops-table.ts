import type { DropKind } from './drop-kinds.ts'
import type { Order } from './rival.ts'
import type { Cell } from './run-cell.ts'

/** A row of the table: what each tool made of a kind of drop, by the tool's name. */
export interface DropsRow {
  readonly kind: DropKind
  readonly method: Order['method']
  readonly cells: ReadonlyMap<string, Cell>
}

/** The rows as a table in markdown, the tools in the order given. */
export function dropsTable(rows: readonly DropsRow[], tools: readonly string[]): string {
  const head = ['what the server did', 'method', ...tools]
  return [
    line(head),
    line(head.map((_, at) => (at < 2 ? '---' : '--:'))),
    ...rows.map(({ kind, method, cells }) =>
      line([kind.name, method, ...tools.map((tool) => cellText(cells.get(tool), kind))]),
    ),
  ].join('\n')
}

/** `dropped → reported`, bold where the report is wrong; in brackets the requests that one side alone counts. */
function cellText(cell: Cell | undefined, { isDrop }: DropKind): string {
  if (!cell) return '–'
  const { dropped, seen, claim } = cell
  if (!claim) return `**${dropped} → no figures**`
  const figures = `${dropped} → ${claim.failed}`
  const uncounted = seen - claim.requests
  const more = uncounted === 0 ? '' : ` (${uncounted > 0 ? '+' : '−'}${Math.abs(uncounted)})`
  return (claim.failed === (isDrop ? dropped : 0) ? figures : `**${figures}**`) + more
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
