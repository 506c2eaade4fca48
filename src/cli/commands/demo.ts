import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import type { Problem } from '../../base/problem.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import { renderDemo } from '../../report/demo-table.ts'
import type { RunResult } from '../../report/result.ts'
import { readScenario } from '../../scenario/read-scenario.ts'
import type { ClusterScenario } from '../../scenario/scenario.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { type Host, print, say } from '../host.ts'
import { findPlaceOf, labNetworkOption, networkOf } from '../lab-network-option.ts'
import type { LabNetworkChoice } from '../lab-place.ts'
import { openView } from '../open-view.ts'
import { report } from '../report.ts'
import { runDirectory } from '../run-directory.ts'
import { sayLimits } from '../say-target.ts'

/** The three arms of the experiment, each a scenario of its own in `scenarios/demo/`. */
const ARMS = ['sigterm', 'sigquit', 'prestop'] as const

const SCENARIOS = fileURLToPath(new URL('../../../scenarios/demo/', import.meta.url))

/** `podtank demo`. */
export function demoCommand(host: Host, end: (exitCode: number) => void): Command {
  return new Command('demo')
    .description(
      'the STOPSIGNAL experiment on the embedded lab: 10 pods scaled to 1 under load, three times; a minute, no cluster needed',
    )
    .option('--seed <number>', 'of every delay and choice of the lab', Number, 1)
    .addOption(labNetworkOption())
    .option('--out <directory>', 'of the runs; default reports/demo-TIME-ID')
    .option('--no-live', 'plain lines instead of the live view')
    .action(async (flags: DemoFlags) => end(await demo(host, flags)))
}

interface DemoFlags {
  readonly seed: number
  readonly labNetwork: LabNetworkChoice
  readonly out?: string
  readonly live: boolean
}

async function demo(host: Host, flags: DemoFlags): Promise<number> {
  const place = await findPlaceOf(host, flags.labNetwork)
  if (place.kind === 'ran') return place.exitCode
  const directory =
    flags.out === undefined ? runDirectory(host, 'demo') : resolve(host.cwd, flags.out)
  const results: RunResult[] = []
  const { executeRun } = await import('../execute-run.ts')
  for (const [at, arm] of ARMS.entries()) {
    const scenario = readArm(arm)
    if (!scenario.ok) return report(host, scenario.error, EXIT.usage)
    say(host, `${at + 1} of ${ARMS.length}  ${scenario.value.about ?? arm}`)
    const executed = await executeRun({
      host,
      scenario: scenario.value,
      lab: { seed: flags.seed, ...networkOf(place) },
      connect: {},
      directory: join(directory, arm),
      announce: (_prepared, { limits }) => {
        if (at === 0) sayLimits(host, limits)
      },
      openView: (stop) => openView(host, { wantsLive: flags.live, stop }),
    })
    if (!executed.ok) return report(host, [executed.error], exitCodeOfProblem(executed.error))
    const { result } = executed.value
    results.push(result)
    if (result.verdict.outcome === 'aborted' || result.notRestored.length > 0) {
      say(host, result.verdict.sentence)
      return result.verdict.exitCode
    }
  }
  print(
    host,
    renderDemo(
      results,
      ARMS.map((arm) => join(relative(host.cwd, directory), arm, 'report.html')),
    ),
  )
  // The demo is about seeing failures: it has done its work when the figures can be trusted.
  return results.some((result) => result.verdict.outcome === 'inconclusive')
    ? EXIT.inconclusive
    : EXIT.passed
}

function readArm(arm: string): Result<ClusterScenario, readonly Problem[]> {
  const path = join(SCENARIOS, `${arm}.yaml`)
  try {
    const read = readScenario(readFileSync(path, 'utf8'), path)
    return read.ok ? succeed(read.value) : read
  } catch (error) {
    return fail([{ code: 'scenario-not-readable', message: `${path}: ${String(error)}` }])
  }
}
