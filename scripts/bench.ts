import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Runs the benchmarks, one file a question, each in a process of its own and one after another. Arguments choose
 * by a part of the file's name: `npm run bench -- parser`. Figures mean something on a quiet machine only.
 */
const folder = join(import.meta.dirname, '..', 'test', 'bench')
const wanted = process.argv.slice(2)

for (const file of globSync('*.bench.ts', { cwd: folder }).sort()) {
  const name = basename(file, '.bench.ts')
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
  process.stdout.write(`\n## ${name}\n\n`)
  execFileSync(process.execPath, [join(folder, file)], { stdio: 'inherit' })
}
