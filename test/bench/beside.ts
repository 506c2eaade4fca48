import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LoadOptions } from '../load/run-load.ts'
import type { ChildFigures } from './load-child.ts'
import { print, spread, table, waitForQuiet } from './measure.ts'

const run = promisify(execFile)

/** What a client did on a core of its own. */
export interface ClientFigures {
  readonly requestsPerSecond: number
  readonly requestsPerCpuSecond: number
}

/** Runs podtank's load engine in a process of its own on core 1. */
export async function runPodtank(
  options: LoadOptions & { readonly seconds: number },
  cores = '1',
): Promise<ChildFigures> {
  const program = join(import.meta.dirname, 'load-child.ts')
  const command = ['-c', cores, process.execPath, program, JSON.stringify(options)]
  const { stdout } = await run('taskset', command, { maxBuffer: 1e8 })
  const figures = JSON.parse(stdout) as ChildFigures
  // A ratio of anything but good answers would say nothing.
  if (figures.ok !== figures.sent) print(`not all ok: ${JSON.stringify(figures.outcomes)}`)
  return figures
}

export const figuresOf = ({ ok, seconds, cpuSeconds }: ChildFigures): ClientFigures => ({
  requestsPerSecond: ok / seconds,
  requestsPerCpuSecond: ok / cpuSeconds,
})

/** Runs wrk on core 1; its CPU time is what bash's `time` says. */
export async function runWrk(seconds: number, args: readonly string[]): Promise<ClientFigures> {
  const { stdout, cpuSeconds } = await timed(['wrk', '-t1', `-d${seconds}s`, ...args])
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1])
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    requestsPerCpuSecond: requests / cpuSeconds,
  }
}

/** Runs ab (ApacheBench) on core 1, without keep-alive. */
export async function runAb(seconds: number, url: string): Promise<ClientFigures> {
  const { stdout, cpuSeconds } = await timed([
    ...['ab', '-q', '-c', '50', '-t', String(seconds), '-n', '10000000', url],
  ])
  const requests = Number(/Complete requests:\s+(\d+)/.exec(stdout)?.[1])
  return {
    requestsPerSecond: Number(/Requests per second:\s+([\d.]+)/.exec(stdout)?.[1]),
    requestsPerCpuSecond: requests / cpuSeconds,
  }
}

async function timed(command: readonly string[]): Promise<{ stdout: string; cpuSeconds: number }> {
  const script = `TIMEFORMAT='%U %S'; time taskset -c 1 "$@"`
  const { stdout, stderr } = await run('bash', ['-c', script, 'bash', ...command], {
    maxBuffer: 1e7,
  })
  const [user = NaN, system = NaN] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { stdout, cpuSeconds: user + system }
}

/** So many closed-loop users for some time. */
export const users = (count: number, seconds: number): Pick<LoadOptions, 'users'> => ({
  users: [{ fromUsers: count, toUsers: count, durationUs: seconds * 1_000_000 }],
})

/** Measures podtank and another client in turn, on a quiet machine, and gives each pair. */
export async function sideBySide(
  repeats: number,
  ours: () => Promise<ClientFigures>,
  theirs: () => Promise<ClientFigures>,
): Promise<readonly (readonly [ClientFigures, ClientFigures])[]> {
  const pairs: [ClientFigures, ClientFigures][] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    await waitForQuiet()
    const first = await ours()
    await waitForQuiet()
    pairs.push([first, await theirs()])
  }
  return pairs
}

/** Prints both clients' figures and the ratio of each pair. */
export function printPairs(
  name: string,
  pairs: readonly (readonly [ClientFigures, ClientFigures])[],
): void {
  const row = (what: string, figure: keyof ClientFigures): readonly string[] => [
    what,
    spread(pairs.map(([ours]) => ours[figure])),
    spread(pairs.map(([, theirs]) => theirs[figure])),
    spread(
      pairs.map(([ours, theirs]) => ours[figure] / theirs[figure]),
      2,
    ),
  ]
  print(
    table(
      [`median (range) of ${pairs.length}`, 'podtank', name, 'ratio'],
      [
        row('requests/s', 'requestsPerSecond'),
        row('requests per CPU second of the client', 'requestsPerCpuSecond'),
      ],
    ),
  )
}
