import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { EXIT } from '../../verdict/exit-code.ts'
import { exitCodeOfProblem } from '../exit-code-of-problem.ts'
import { type Host, print, say } from '../host.ts'
import { report } from './run.ts'

/** `podtank lab up`. */
export function labCommand(host: Host, end: (exitCode: number) => void): Command {
  const up = new Command('up')
    .description('start the embedded cluster and keep it until Ctrl-C; use it with kubectl')
    .option('--port <number>', 'of the API server; default: any free one', readNumber(65_535), 0)
    .option('--seed <number>', 'of every delay and choice', readNumber(0xffff_ffff), 1)
    .action(async (flags: { port: number; seed: number }) => end(await labUp(host, flags)))
  return new Command('lab').description('the embedded cluster by itself').addCommand(up)
}

const readNumber = (highest: number) => (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > highest) {
    throw new InvalidArgumentError(`a whole number from 0 to ${highest}`)
  }
  return value
}

async function labUp(host: Host, flags: { port: number; seed: number }): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'podtank-lab-'))
  const asked = new Promise<string>((resolve) => host.onSignal(resolve))
  const { startLab } = await import('../../lab/start-lab.ts')
  const lab = await startLab({ directory, ...flags })
  if (!lab.ok) {
    rmSync(directory, { recursive: true, force: true })
    return report(host, [lab.error], exitCodeOfProblem(lab.error))
  }
  print(host, `export KUBECONFIG=${lab.value.kubeconfigPath}`)
  for (const limit of lab.value.fidelity.limits) say(host, `note: ${limit}`)
  say(host, `The lab runs at ${lab.value.serverUrl}. End it with Ctrl-C.`)
  const ended = await Promise.race([asked, lab.value.closed.then(() => 'lab')])
  await lab.value.close()
  rmSync(directory, { recursive: true, force: true })
  if (ended !== 'lab') return EXIT.passed
  return report(host, [{ code: 'lab-failed', message: 'the lab ended by itself' }], EXIT.cluster)
}
