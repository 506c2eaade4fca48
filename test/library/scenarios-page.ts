import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { readScenario } from '../../src/scenario/read-scenario.ts'
import { EXPECTATIONS, type Expectation } from './expectations.ts'
import { type Measured, readMeasured } from './measured.ts'
import { scenarioFile } from './run-in-library.ts'

const HEAD = `# The scenario library

Each folder of \`scenarios/\` is one experiment: a scenario and its manifests, to run as they are on the lab, to read, and to
copy. \`podtank run scenarios/shell-form/scenario.yaml\` runs one. The first comment of each says what it shows and what to
expect. Times are short so that a run takes about 20 s; a server of yours has its own.

\`npm run test:library\` runs all of them on the lab and holds each against this table
(\`PODTANK_LIBRARY_SEEDS=1,2,3\` with more than one seed). The tests write it: verdict and cause are what they expect of
every run; the failures are those of the runs that \`PODTANK_LIBRARY_RECORD=1\` kept.
`

/** The text of \`docs/scenarios.md\`, made of the library's scenarios and what the tests expect of them. */
export async function scenariosPage(): Promise<string> {
  const lab = readMeasured('lab')
  const cluster = readMeasured('cluster')
  const columns = [
    'scenario',
    'shows',
    'verdict',
    'main cause',
    'failed on the lab, seeds 1, 2, 3',
    ...(cluster ? ['on a real cluster'] : []),
    'and besides',
  ]
  const rows = EXPECTATIONS.map((expected) => [
    ...namesOf(expected),
    labFigures(lab, expected),
    ...(cluster ? [clusterFigures(cluster, expected)] : []),
    remarks(expected).join('; '),
  ])
  const lines = [columns, columns.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  )
  const page = [HEAD, conditions(lab, cluster), '', ...lines, ''].join('\n')
  return format(page, { ...(await resolveConfig(import.meta.filename)), parser: 'markdown' })
}

function namesOf({ name, broken, mainCause }: Expectation): string[] {
  return [
    `[${name}](../scenarios/${name}/scenario.yaml)`,
    aboutOf(name),
    broken.length === 0 ? 'passed' : 'failed',
    mainCause === 'none' ? '–' : mainCause,
  ]
}

/** On what machines the figures were measured, and how often it was too busy for a verdict. */
function conditions(lab: Measured | undefined, cluster: Measured | undefined): string {
  const of = (where: string, { machine, measuredOn, runs }: Measured) => {
    const all = EXPECTATIONS.flatMap(({ name, mainCause }) =>
      Object.values(runs[name] ?? {}).map((run) => ({ ...run, isAs: run.mainCause === mainCause })),
    )
    const busy = all.filter(({ conclusive }) => !conclusive).length
    const expected = all.filter(({ isAs }) => isAs).length
    return `Measured ${where} on ${measuredOn} (${machine}): ${all.length} runs; in ${expected} of them the main cause was the expected one. In ${busy} the machine was too busy for a verdict (exit code 11), so these figures are of a machine under load.`
  }
  return [
    ...(lab ? [of('on the lab', lab)] : []),
    ...(cluster ? [of('on a real cluster', cluster)] : []),
  ].join('\n')
}

function labFigures(lab: Measured | undefined, { name }: Expectation): string {
  const runs = Object.values(lab?.runs[name] ?? {})
  const sent = Math.max(0, ...runs.map((run) => run.sent))
  return runs.length === 0 ? '' : `${runs.map(({ failed }) => failed).join(', ')} of ${sent}`
}

function clusterFigures(cluster: Measured, { name, mainCause }: Expectation): string {
  const [run] = Object.values(cluster.runs[name] ?? {})
  if (!run) return ''
  const cause = run.mainCause === mainCause ? '' : `, ${run.mainCause}`
  return `${run.failed} of ${run.sent}${cause}`
}

function aboutOf(name: string): string {
  const file = scenarioFile(name)
  const scenario = readScenario(readFileSync(file, 'utf8'), file)
  return scenario.ok ? (scenario.value.about ?? '') : JSON.stringify(scenario.error)
}

function remarks(expected: Expectation): string[] {
  const { exitCode, takesWholeGrace, readyAtLeast, needs, onLabOnly } = expected
  return [
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(takesWholeGrace === true ? ['takes the whole grace'] : []),
    ...(readyAtLeast === undefined ? [] : [`at least ${readyAtLeast} pods Ready`]),
    ...(needs === undefined ? [] : [`needs ${needs.join(', ')}`]),
    ...(onLabOnly === undefined ? [] : ['on a lab only']),
  ]
}
