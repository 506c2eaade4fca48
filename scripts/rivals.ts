import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { dropKinds } from './rivals/drop-kinds.ts'
import { type DropsRow, dropsTable } from './rivals/drops-table.ts'
import { installRivals } from './rivals/install-rivals.ts'
import { type Cell, runCell } from './rivals/run-cell.ts'
import { rivals } from './rivals/rivals-list.ts'

/**
 * Asks every load generator how many of a server's dropped requests it saw, and writes the table of docs/drops.md
 * anew. Builds the tools the first time. Arguments choose tools by name: `node scripts/rivals.ts wrk ab` prints their
 * part and leaves the page alone.
 */
const root = join(import.meta.dirname, '..')
const page = join(root, 'docs', 'drops.md')
const cache = join(root, 'node_modules', '.cache', 'podtank-rivals')
const BEGIN = '<!-- written by scripts/rivals.ts -->'
const END = '<!-- end -->'

const wanted = process.argv.slice(2)
const paths = installRivals(cache)
const tools = rivals(paths, copyOfProgram()).filter(
  ({ name }) => wanted.length === 0 || wanted.includes(name),
)

const rows: DropsRow[] = []
for (const kind of dropKinds) {
  for (const method of ['GET', 'POST'] as const) {
    const cells = new Map<string, Cell>()
    for (const tool of tools) cells.set(tool.name, await runUntilEnd(tool, kind, method))
    rows.push({ kind, method, cells })
    process.stderr.write(`${kind.name}, ${method}\n`)
  }
}

/** The built program as it is now: a build in the meantime must not pull it away under a run. */
function copyOfProgram(): string {
  const copy = join(cache, 'podtank')
  rmSync(copy, { recursive: true, force: true })
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true })
  }
  return join(copy, 'bin', 'podtank.js')
}

/** A tool that had to be killed, or gave no figures, gets a second try: the machine may have been busy. */
async function runUntilEnd(...what: Parameters<typeof runCell>): Promise<Cell> {
  const first = await runCell(...what)
  return first.claim ? first : runCell(...what)
}

const names = tools.map(({ name }) => name)
const versions = tools.map((tool) => `${tool.name} ${tool.version()}`).join(', ')
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Linux ${release().split('-')[0]}, Node ${process.versions.node}`
const measured = `Measured ${new Date().toISOString().slice(0, 10)} on ${machine}; ${versions}.`
const text = `${BEGIN}\n\n${measured}\n\n${dropsTable(rows, names)}\n\n${END}`

if (wanted.length > 0) process.stdout.write(`${text}\n`)
else {
  const before = readFileSync(page, 'utf8')
  const [head = '', rest = ''] = before.split(BEGIN)
  writeFileSync(page, head + text + rest.slice(rest.indexOf(END) + END.length))
}
