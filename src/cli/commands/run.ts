import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Problem } from '../../base/problem.ts'
import type { Result } from '../../base/result.ts'
import { guardExec } from '../../cluster/guard/guard-exec.ts'
import type { ClusterScenario } from '../../scenario/scenario.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { addClusterFlags, type ClusterFlags, connectOptionsOf } from '../cluster-flags.ts'
import { conclude } from '../conclude.ts'
import { dryRunText } from '../dry-run-text.ts'
import type { ExecutedRun } from '../execute-run.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { addGuardFlags, allowancesOf, type GuardFlags } from '../guard-flags.ts'
import { type Host, print, say } from '../host.ts'
import { findPlaceOf, type LabHere, labNetworkOption, networkOf } from '../lab-network-option.ts'
import type { LabNetworkChoice } from '../lab-place.ts'
import { loadScenario } from '../load-scenario.ts'
import { openView } from '../open-view.ts'
import { report } from '../report.ts'
import { runDirectory } from '../run-directory.ts'
import { sayTarget } from '../say-target.ts'

interface RunFlags extends ClusterFlags, GuardFlags {
  readonly lab?: boolean
  readonly allowAutoscaled?: boolean
  readonly allowGitops?: boolean
  readonly allowExec?: boolean
  readonly seed?: number
  readonly labNetwork: LabNetworkChoice
  readonly out?: string
  readonly output: 'text' | 'json'
  readonly live: boolean
  readonly dryRun?: boolean
}

const EXAMPLES = `
Examples:
  podtank run scenarios/rolling-restart/scenario.yaml      on the embedded lab
  podtank run web.yaml --context staging -n shop           on a cluster
  podtank run web.yaml --dry-run --context staging         what would be done, and would it be allowed?
  podtank run web.yaml -o json > result.json               for a script

Exit codes of --dry-run: 0 everything would be accepted; 3 the API server refuses something; 13 a guard does;
16 a step would fail`

/** `podtank run FILE`. */
export function runCommand(host: Host, end: (exitCode: number) => void): Command {
  const command = new Command('run')
    .description('run one scenario, on the embedded lab or on a cluster')
    .argument('<file>', 'a scenario file; see podtank schema scenario')
    .optionsGroup('Where:')
    .option(
      '--lab',
      'on an embedded lab; the default when the scenario has lab: or manifests: and no cluster is named',
    )
  return addGuardFlags(addClusterFlags(command))
    .option('--allow-autoscaled', 'change replicas that an autoscaler owns')
    .option('--allow-gitops', 'change what a GitOps controller owns')
    .option('--allow-exec', 'run the commands of exec steps on this machine')
    .optionsGroup('How:')
    .option(
      '--dry-run',
      'only show the plan, and let the API server check each change and its way back: nothing is changed, no load is sent',
    )
    .option('--seed <number>', 'of every delay and choice of the lab', readSeed)
    .addOption(labNetworkOption())
    .option('--out <directory>', 'of the run; default reports/NAME-TIME-ID')
    .addOption(
      new Option('-o, --output <form>', 'what stdout gets')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--no-live', 'plain lines instead of the live view')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: RunFlags) => end(await run(host, file, flags)))
}

function readSeed(text: string): number {
  const seed = Number(text)
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
    throw new InvalidArgumentError('a seed is a whole number from 0 to 4294967295')
  }
  return seed
}

async function run(host: Host, file: string, flags: RunFlags): Promise<number> {
  const scenario = loadScenario(host, file)
  if (!scenario.ok) return report(host, scenario.error, EXIT.usage)
  const refusal = flags.dryRun
    ? undefined
    : guardExec(scenario.value.steps, flags.allowExec === true)
  if (refusal) return report(host, [refusal], exitCodeOfProblem(refusal))
  const isLab = runsOnLab(scenario.value, flags)
  const place = isLab ? await findPlaceOf(host, networkChoice(scenario.value, flags)) : undefined
  if (place?.kind === 'ran') return place.exitCode
  if (flags.dryRun) return tryOut(host, scenario.value, flags, place)
  const executed = await execute(host, scenario.value, flags, place)
  if (!executed.ok) return report(host, [executed.error], exitCodeOfProblem(executed.error))
  return conclude(host, executed.value, flags.output)
}

/** What the command line asks for goes before what the scenario does. */
const networkChoice = ({ lab }: ClusterScenario, { labNetwork }: RunFlags): LabNetworkChoice =>
  labNetwork === 'auto' ? (lab?.network ?? 'auto') : labNetwork

function runsOnLab(scenario: ClusterScenario, flags: RunFlags): boolean {
  const namesCluster = flags.context !== undefined || flags.kubeconfig !== undefined
  const asksForLab = scenario.lab !== undefined || scenario.manifests.length > 0
  return flags.lab === true || (asksForLab && !namesCluster)
}

async function tryOut(
  host: Host,
  scenario: ClusterScenario,
  flags: RunFlags,
  lab: LabHere | undefined,
): Promise<number> {
  const { executeDryRun } = await import('../execute-dry-run.ts')
  const executed = await executeDryRun({ host, scenario, ...placeOf(scenario, flags, lab) })
  if (!executed.ok) return report(host, [executed.error], exitCodeOfProblem(executed.error))
  const { dryRunDocument } = await import('../dry-run-document.ts')
  const document = dryRunDocument(executed.value)
  if (flags.output === 'json') print(host, JSON.stringify(document, null, 2))
  else print(host, dryRunText(document))
  return document.exitCode
}

/** Where, and what is allowed there. */
const placeOf = (scenario: ClusterScenario, flags: RunFlags, lab: LabHere | undefined) => ({
  ...(lab && {
    lab: {
      seed: flags.seed ?? scenario.lab?.seed ?? 1,
      ...(scenario.lab?.nodes !== undefined && { nodes: scenario.lab.nodes }),
      ...networkOf(lab),
    },
  }),
  connect: connectOptionsOf(flags),
  allowed: {
    ...allowancesOf(flags),
    autoscaled: flags.allowAutoscaled === true,
    gitOps: flags.allowGitops === true,
    exec: flags.allowExec === true,
  },
})

async function execute(
  host: Host,
  scenario: ClusterScenario,
  flags: RunFlags,
  lab: LabHere | undefined,
): Promise<Result<ExecutedRun, Problem>> {
  // The Kubernetes client takes half a second and 80 MB; no other command should wait for it.
  const { executeRun } = await import('../execute-run.ts')
  return executeRun({
    host,
    scenario,
    ...placeOf(scenario, flags, lab),
    directory:
      flags.out === undefined ? runDirectory(host, scenario.name) : resolve(host.cwd, flags.out),
    announce(prepared, environment) {
      sayTarget(host, prepared, environment)
      say(host)
    },
    openView: (stop) => openView(host, { wantsLive: flags.live, stop }),
  })
}
