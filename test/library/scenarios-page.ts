import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { readScenario } from '../../src/scenario/read-scenario.ts'
import { EXPECTATIONS, type Expectation } from './expectations.ts'
import { scenarioFile } from './run-in-library.ts'

const HEAD = `# The scenario library

Each folder of \`scenarios/\` is one experiment: a scenario and its manifests, to run as they are on the lab, to read, and to
copy. \`podtank run scenarios/shell-form/scenario.yaml\` runs one. The first comment of each says what it shows and what to
expect. Times are short so that a run takes about 20 s; a server of yours has its own.

\`npm run test:library\` runs all of them on the lab and holds each against this table
(\`PODTANK_LIBRARY_SEEDS=1,2,3\` with more than one seed); the table is written from what the tests expect.

| scenario | shows | verdict | main cause | and besides |
| --- | --- | --- | --- | --- |
`

/** The text of \`docs/scenarios.md\`, made of the library's scenarios and what the tests expect of them. */
export async function scenariosPage(): Promise<string> {
  const rows = EXPECTATIONS.map(rowOf).join('\n')
  return format(`${HEAD}${rows}\n`, {
    ...(await resolveConfig(import.meta.filename)),
    parser: 'markdown',
  })
}

function rowOf(expected: Expectation): string {
  const { name, broken, mainCause } = expected
  const causes = mainCause === 'none' ? '–' : [mainCause].flat().join(' or ')
  return `| [${name}](../scenarios/${name}/scenario.yaml) | ${aboutOf(name)} | ${
    broken.length === 0 ? 'passed' : 'failed'
  } | ${causes} | ${remarks(expected).join('; ')} |`
}

function aboutOf(name: string): string {
  const file = scenarioFile(name)
  const scenario = readScenario(readFileSync(file, 'utf8'), file)
  return scenario.ok ? (scenario.value.about ?? '') : JSON.stringify(scenario.error)
}

function remarks({ exitCode, takesWholeGrace, readyAtLeast, needs }: Expectation): string[] {
  return [
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(takesWholeGrace === true ? ['takes the whole grace'] : []),
    ...(readyAtLeast === undefined ? [] : [`at least ${readyAtLeast} pods Ready`]),
    ...(needs === undefined ? [] : [`needs ${needs.join(', ')}`]),
  ]
}
