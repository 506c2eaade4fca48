import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Problem } from '../../base/problem.ts'
import type { Result } from '../../base/result.ts'
import { fail, succeed } from '../../base/result.ts'
import type { Lab, LabOptions } from '../../lab/lab.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { readFaults } from '../read-faults.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { type Host, print, say } from '../host.ts'
import { findPlaceOf, labNetworkOption, networkOf } from '../lab-network-option.ts'
import type { LabNetworkChoice } from '../lab-place.ts'
import { report } from '../report.ts'

interface LabFlags {
  readonly port: number
  readonly seed: number
  readonly nodes: number
}

interface UpFlags extends LabFlags {
  /** A path. */
  readonly faults?: string
  readonly rbac?: boolean
}

/** `podtank lab up` and `podtank lab shell`. */
export function labCommand(host: Host, end: (exitCode: number) => void): Command {
  const up = withLabFlags(new Command('up'))
    .description('start the embedded cluster and keep it until Ctrl-C; use it with kubectl')
    .option(
      '--faults <file>',
      'YAML: which calls of the API server go wrong, and how (docs/lab-faults.md)',
    )
    .option(
      '--rbac',
      'enforce RBAC: the kubeconfig printed is an administrator’s, others have the rights their roles give',
    )
    .addHelpText('after', UP_EXAMPLES)
    .action(async (flags: UpFlags) => end(await labUp(host, flags)))
  const shell = withLabFlags(new Command('shell'))
    .description(
      'open a shell in which kubectl talks to an embedded cluster; both end together, with the exit code of the shell',
    )
    .addOption(labNetworkOption())
    .argument('[command...]', 'what to run instead of $SHELL, after --')
    .addHelpText('after', SHELL_EXAMPLES)
    .action(async (command: string[], flags: LabFlags & { labNetwork: LabNetworkChoice }) =>
      end(await labShell(host, command, flags)),
    )
  return new Command('lab')
    .description('the embedded cluster by itself')
    .addCommand(up)
    .addCommand(shell)
}

const UP_EXAMPLES = `
Examples:
  podtank lab up --port 6443            # then, elsewhere: export KUBECONFIG=… as printed
  podtank lab up --nodes 2              # kubectl drain lab-node-1 has somewhere to go
  podtank lab up --faults faults.yaml   # errors, delays, drops, compaction as the file says`

const SHELL_EXAMPLES = `
Examples:
  podtank lab shell                     # then: kubectl get nodes
  podtank lab shell -- kubectl get ns   # one command, its exit code passed on
  podtank lab shell --nodes 2 -- sh ./drill.sh`

const withLabFlags = (command: Command): Command =>
  command
    .option('--port <number>', 'of the API server; default: any free one', readNumber(0, 65_535), 0)
    .option('--seed <number>', 'of every delay and choice', readNumber(0, 0xffff_ffff), 1)
    .option('--nodes <number>', 'how many nodes the cluster shows', readNumber(1, 100), 1)

const readNumber = (lowest: number, highest: number) => (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < lowest || value > highest) {
    throw new InvalidArgumentError(`a whole number from ${lowest} to ${highest}`)
  }
  return value
}

/** Goes on after "because". */
const LOOPBACK_WHY =
  'every program of this machine is to reach this lab, and nothing outside reaches a network of its own; podtank lab shell works inside one'

const endedByItself: Problem = { code: 'lab-failed', message: 'the lab ended by itself' }

async function labUp(host: Host, flags: UpFlags): Promise<number> {
  const faults = flags.faults === undefined ? undefined : faultsIn(host, flags.faults)
  if (faults && !faults.ok) return report(host, faults.error, EXIT.usage)
  const asked = new Promise<'signal'>((resolve) => host.onSignal(() => resolve('signal')))
  const options = { ...flags, faults: faults?.value, networkWhy: LOOPBACK_WHY }
  return withLab(host, options, async (lab) => {
    print(host, `export KUBECONFIG=${lab.kubeconfigPath}`)
    say(host, `The lab runs at ${lab.serverUrl}. End it with Ctrl-C.`)
    const ended = await Promise.race([asked, lab.closed.then(() => 'lab' as const)])
    if (faults && ended === 'signal') {
      const { length } = await lab.injectedFaults()
      say(host, `${String(length)} ${length === 1 ? 'fault' : 'faults'} struck.`)
    }
    return ended === 'signal' ? EXIT.passed : report(host, [endedByItself], EXIT.cluster)
  })
}

function faultsIn(host: Host, file: string): ReturnType<typeof readFaults> {
  try {
    return readFaults(readFileSync(resolve(host.cwd, file), 'utf8'), file)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail([{ code: 'cannot-read', message: `cannot read ${file}: ${reason}` }])
  }
}

async function labShell(
  host: Host,
  command: string[],
  flags: LabFlags & { readonly labNetwork: LabNetworkChoice },
): Promise<number> {
  const place = await findPlaceOf(host, flags.labNetwork, { keepsSession: true })
  if (place.kind === 'ran') return place.exitCode
  return withLab(host, { ...flags, ...networkOf(place) }, async (lab) => {
    const [file = host.env['SHELL'] ?? '/bin/sh', ...parameters] = command
    if (command.length === 0) say(host, `kubectl talks to the lab at ${lab.serverUrl}.`)
    const ran = await runInLab(host, lab, file, parameters)
    return ran.ok ? ran.value : report(host, [ran.error], EXIT.usage)
  })
}

type LabStart = LabFlags &
  Pick<LabOptions, 'network' | 'networkWhy' | 'rbac'> & {
    readonly faults?: LabOptions['faults'] | undefined
  }

async function withLab(
  host: Host,
  options: LabStart,
  use: (lab: Lab) => Promise<number>,
): Promise<number> {
  const { port, seed, nodes, network, networkWhy, faults, rbac } = options
  const directory = mkdtempSync(join(tmpdir(), 'podtank-lab-'))
  try {
    const { startLab } = await import('../../lab/start-lab.ts')
    const lab = await startLab({
      directory,
      port,
      seed,
      nodes,
      ...(network && { network }),
      ...(faults && { faults }),
      ...(rbac && { rbac }),
      ...(networkWhy !== undefined && { networkWhy }),
    })
    if (!lab.ok) return report(host, [lab.error], exitCodeOfProblem(lab.error))
    for (const limit of lab.value.fidelity.limits) say(host, `note: ${limit}`)
    const code = await use(lab.value)
    await lab.value.close()
    return code
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/**
 * The command with `KUBECONFIG` set, on our terminal; gives its exit code, 128 and the number for a signal. Ctrl-C
 * reaches it through the terminal; other signals are passed on.
 */
function runInLab(
  host: Host,
  lab: Lab,
  file: string,
  parameters: readonly string[],
): Promise<Result<number, Problem>> {
  const env = { ...host.env, KUBECONFIG: lab.kubeconfigPath }
  return new Promise((resolve) => {
    const child = spawn(file, parameters, { env, cwd: host.cwd, stdio: 'inherit' })
    const stop = host.onSignal((signal) => {
      const fromTerminal = host.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT')
      if (!fromTerminal) child.kill(signal as NodeJS.Signals)
    })
    void lab.closed.then(() => child.kill('SIGHUP'))
    const settle = (result: Result<number, Problem>) => {
      stop()
      resolve(result)
    }
    child.once('error', (error) => {
      const message = `cannot run ${file}: ${error.message}`
      settle(fail({ code: 'command-failed', message }))
    })
    child.once('close', (code, signal) => {
      settle(succeed(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
    })
  })
}
