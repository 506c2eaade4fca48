import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { sanitize } from '../../base/sanitize.ts'
import type { ImportNote } from '../../scenario/tank/import-note.ts'
import { importTank } from '../../scenario/tank/import-tank.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { type Host, print, say } from '../host.ts'
import { report } from '../report.ts'

/** `podtank import tank FILE`. */
export function importCommand(host: Host, end: (exitCode: number) => void): Command {
  const tank = new Command('tank')
    .description(
      "make a load file for podtank load -f of a Yandex.Tank config (load.yaml, or pandora's); says of each key what became of it",
    )
    .argument('<file>', 'the config')
    .option('-o, --out <file>', 'where the load file goes; default: stdout')
    .action((file: string, { out }: { out?: string }) => {
      const problems = importTo(host, file, out)
      end(problems.length > 0 ? report(host, problems, EXIT.usage) : EXIT.passed)
    })
  return new Command('import')
    .description("take over another tool's configuration")
    .addCommand(tank)
}

/** The result goes to a file, else to stdout, and the notes to stderr; gives what stood in the way. */
function importTo(host: Host, file: string, out: string | undefined): readonly Problem[] {
  const path = resolve(host.cwd, file)
  const outPath = resolve(host.cwd, out ?? 'load.yaml')
  const text = read(path, file)
  if (!text.ok) return [text.error]
  const imported = importTank(text.value, path, outPath)
  if (!imported.ok) return imported.error.map((problem) => named(problem, path, file))
  for (const note of imported.value.notes) say(host, sanitize(noteText(note, file), 1_000))
  if (out === undefined) {
    print(host, imported.value.yaml)
    return []
  }
  const written = write(outPath, imported.value.yaml, out)
  return written.ok ? [] : [written.error]
}

const noteText = ({ line, what, path, text }: ImportNote, file: string): string =>
  `${file}:${line}: ${what}: ${path}${what === 'mapped' ? ' → ' : ': '}${text}`

/** Problems name the file as it was typed. */
const named = ({ place, ...problem }: Problem, path: string, file: string): Problem => ({
  ...problem,
  message: problem.message.replaceAll(path, file),
  ...(place && { place: { ...place, file } }),
})

function read(path: string, file: string): Result<string, Problem> {
  try {
    return succeed(readFileSync(path, 'utf8'))
  } catch (error) {
    return fail({ code: 'file-not-readable', message: `${file} cannot be read: ${codeOf(error)}` })
  }
}

function write(path: string, text: string, file: string): Result<undefined, Problem> {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return succeed(undefined)
  } catch (error) {
    return codeOf(error) === 'EEXIST'
      ? fail({
          code: 'file-exists',
          message: `${file} is there already`,
          hint: 'remove it, or name another file',
        })
      : fail({ code: 'file-not-writable', message: `${file} cannot be written: ${codeOf(error)}` })
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error)
