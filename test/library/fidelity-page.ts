import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { compared, comparisonRows } from './comparison.ts'
import { type Measured, readMeasured } from './measured.ts'

const BEGIN = '<!-- comparison -->'
const END = '<!-- end of comparison -->'

/** `docs/fidelity.md` as it is, but for its table, which is made of what was measured last on the lab and a cluster. */
export async function fidelityPage(path: string): Promise<string> {
  const text = readFileSync(path, 'utf8')
  const [before, after] = [text.split(BEGIN)[0], text.split(END)[1]]
  if (before === undefined || after === undefined) throw new Error(`no table in ${path}`)
  const page = `${before}${BEGIN}\n\n${table().join('\n')}\n\n${END}${after}`
  return format(page, { ...(await resolveConfig(import.meta.filename)), parser: 'markdown' })
}

function table(): string[] {
  const lab = readMeasured('lab')
  const real = readMeasured('cluster')
  if (!lab || !real) throw new Error('nothing was measured yet')
  const last = Object.fromEntries(
    Object.entries(real.runs).flatMap(([name, runs]) =>
      Object.values(runs).map((run) => [name, run] as const),
    ),
  )
  const all = compared(lab.runs, last)
  const agree = all.filter(({ agrees }) => agrees).length
  const [head = [], ...rows] = comparisonRows(all)
  const inconclusive = all.filter(({ real: { conclusive } }) => !conclusive).length
  return [
    `${agree} of ${all.length} agree in verdict and main cause. ${where('Lab', lab)} ${where('Real', real)}`,
    `In ${inconclusive} of the runs on the cluster the machine was too busy for a verdict on latencies (exit code 11).`,
    '',
    ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
  ]
}

const where = (name: string, { machine, measuredOn }: Measured) =>
  `${name}: ${measuredOn}, ${machine}.`
