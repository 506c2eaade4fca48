import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { type Dockerfile, readDockerfile } from '../try/read-dockerfile.ts'
import type { TrySpec } from '../try/try-spec.ts'
import type { Host } from './host.ts'

/** The flags of `podtank try` that say what to try. */
export interface TryFlags {
  readonly port?: number
  readonly path?: string
  readonly readyPath?: string
  readonly slowPath?: string
  readonly grace: number
  readonly env: readonly string[]
  readonly dockerfile?: string
}

/** What a program of any language may need to find its parts; all else is given with `--env`, as to a pod. */
const PASSED_ON = [
  'HOME USER LANG LC_ALL TZ TMPDIR',
  'JAVA_HOME GOPATH GOCACHE NODE_PATH PYTHONPATH PYENV_ROOT VIRTUAL_ENV',
].flatMap((names) => names.split(' '))

/** Where servers answer that they are well, when `/` has no page. */
const HEALTH_PATHS = '/healthz /health /readyz /ready /livez /actuator/health /ping'.split(' ')

/** Reads flags, command and Dockerfile into what is to be tried, or gives all that is wrong. */
export function readTrySpec(
  host: Host,
  command: readonly string[],
  flags: TryFlags,
): Result<TrySpec, readonly Problem[]> {
  const file = readFile(host, flags.dockerfile)
  if (!file.ok) return file
  const image = file.value
  const words = command.length > 0 ? command : (image?.command ?? [])
  const port = flags.port ?? image?.port
  const missing = missingProblem(host, words, port)
  if (missing || port === undefined) return fail(missing ? [missing] : [])
  return succeed({
    command: words,
    workingDirectory: host.cwd,
    env: environment(host, image?.env ?? {}, flags.env),
    ...(image?.stopSignal !== undefined && { stopSignal: image.stopSignal }),
    port,
    path: flags.path ?? '/',
    ...(flags.path === undefined && { otherPaths: HEALTH_PATHS }),
    ...(flags.readyPath !== undefined && { readyPath: flags.readyPath }),
    ...(flags.slowPath !== undefined && { slowPath: flags.slowPath }),
    graceSeconds: flags.grace,
  })
}

function readFile(
  host: Host,
  name: string | undefined,
): Result<Dockerfile | undefined, readonly Problem[]> {
  if (name === undefined) return succeed(undefined)
  try {
    return readDockerfile(readFileSync(resolve(host.cwd, name), 'utf8'), name)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    return fail([{ code: 'dockerfile', message: `${name} cannot be read: ${reason}` }])
  }
}

function missingProblem(
  host: Host,
  [program]: readonly string[],
  port: number | undefined,
): Problem | undefined {
  if (program === undefined) {
    return {
      code: 'no-command',
      message: 'there is no command to try',
      hint: 'podtank try --port 3000 -- node server.js, or --dockerfile Dockerfile',
    }
  }
  if (port === undefined) {
    return {
      code: 'no-port',
      message: 'the port of the server is not known',
      hint: 'give it with --port; the server gets it in PORT',
    }
  }
  if (isThere(host, program)) return undefined
  return {
    code: 'command-not-found',
    message: `${program} is not there, or cannot be executed`,
    hint: program.includes('/')
      ? 'a path counts from this directory; chmod +x makes a file executable'
      : 'it is looked for in PATH',
  }
}

function isThere(host: Host, program: string): boolean {
  const folders = program.includes('/')
    ? [host.cwd]
    : (host.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return folders.some((folder) => {
    try {
      accessSync(isAbsolute(program) ? program : join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** `NAME=value` as it is, `NAME` from the shell. */
function environment(
  host: Host,
  ofImage: Readonly<Record<string, string>>,
  asked: readonly string[],
): Record<string, string> {
  const env: Record<string, string> = {}
  for (const name of PASSED_ON) if (host.env[name] !== undefined) env[name] = host.env[name]
  // A Dockerfile's PATH is that of its image; here the programs of this machine are run.
  for (const [name, value] of Object.entries(ofImage)) if (name !== 'PATH') env[name] = value
  for (const text of asked) {
    const at = text.indexOf('=')
    const value = at === -1 ? host.env[text] : text.slice(at + 1)
    if (value !== undefined) env[at === -1 ? text : text.slice(0, at)] = value
  }
  return env
}
