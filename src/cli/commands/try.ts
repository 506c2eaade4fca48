import { relative, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { tryText } from '../../try/try-text.ts'
import { EXIT } from '../../verdict/exit-code.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { type Host, print, say } from '../host.ts'
import { findPlaceOf, labNetworkOption, networkOf } from '../lab-network-option.ts'
import type { LabNetworkChoice } from '../lab-place.ts'
import { report } from '../report.ts'
import { runDirectory } from '../run-directory.ts'
import { readTrySpec, type TryFlags } from '../try-flags.ts'

interface Flags extends TryFlags {
  readonly start: number
  readonly seed: number
  readonly labNetwork: LabNetworkChoice
  readonly strict: boolean
  readonly expect: 'graceful' | 'nothing'
  readonly load: boolean
  readonly output: 'text' | 'json'
  readonly out?: string
}

const EXAMPLES = `
Examples:
  podtank try --port 3000 -- node server.js
  podtank try --port 8000 --slow-path /report -- python app.py
  podtank try --dockerfile Dockerfile -o json > try.json

Exit codes: 0 graceful, 10 not graceful, 2 or 3 it could not be tried`

/** `podtank try -- COMMAND`. */
export function tryCommand(host: Host, end: (exitCode: number) => void): Command {
  return new Command('try')
    .description(
      'run your own server as pods of the embedded lab: does it end gracefully, and which preStop does it need?',
    )
    .argument('[command...]', 'the server and its parameters, after --')
    .option('--port <number>', 'where it listens; it gets it in PORT', number(1, 65_535))
    .option('--path <path>', 'answers 200 when it is well; default: / or a usual health path')
    .option('--ready-path <path>', 'for the readiness probe; default: --path')
    .option('--slow-path <path>', 'takes a while, so that requests are open at the signal')
    .option('--dockerfile <file>', 'take command, ENV, STOPSIGNAL and EXPOSE from a Dockerfile')
    .option('--env <name[=value]>', 'give it a variable; again for more', gather, [])
    .option('--grace <seconds>', 'until SIGKILL', number(1, 300), 10)
    .option('--start <seconds>', 'how long it may take to start', number(1, 300), 20)
    .addOption(
      new Option('--expect <what>', 'nothing: exit 0 whatever was found')
        .choices(['graceful', 'nothing'])
        .default('graceful'),
    )
    .option('--strict', 'failures that a preStop would cure count too', false)
    .option('--no-load', 'only its shutdown, not scaled and restarted under load')
    .option('--seed <number>', 'of every delay of the lab', number(0, 0xffff_ffff), 1)
    .addOption(labNetworkOption())
    .option('--out <directory>', 'of the reports; default reports/try-TIME-ID')
    .addOption(
      new Option('-o, --output <form>', 'what stdout gets')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (command: string[], flags: Flags) => end(await tryServer(host, command, flags)))
}

const number = (lowest: number, highest: number) => (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < lowest || value > highest) {
    throw new InvalidArgumentError(`a whole number from ${lowest} to ${highest}`)
  }
  return value
}

const gather = (text: string, before: string[]): string[] => [...before, text]

async function tryServer(host: Host, command: string[], flags: Flags): Promise<number> {
  const spec = readTrySpec(host, command, flags)
  if (!spec.ok) return report(host, spec.error, EXIT.usage)
  const place = await findPlaceOf(host, flags.labNetwork)
  if (place.kind === 'ran') return place.exitCode
  const directory =
    flags.out === undefined ? runDirectory(host, 'try') : resolve(host.cwd, flags.out)
  // The Kubernetes client takes half a second and 80 MB; no other command should wait for it.
  const { executeTry } = await import('../execute-try.ts')
  const tried = await executeTry({
    host,
    spec: spec.value,
    lab: { seed: flags.seed, ...networkOf(place) },
    startSeconds: flags.start,
    isStrict: flags.strict,
    wantsLoad: flags.load,
    directory,
  })
  if (!tried.ok) return report(host, [tried.error], exitCodeOfProblem(tried.error))
  const { value: result } = tried
  if (flags.output === 'json') print(host, JSON.stringify(result, null, 2))
  else print(host, tryText(result))
  const shown = relative(host.cwd, directory) || '.'
  say(host, `report     ${shown}/report.html`)
  return flags.expect === 'nothing' ? EXIT.passed : result.verdict.exitCode
}
