import type { Problem } from '../base/problem.ts'
import { fail, type Result, succeed } from '../base/result.ts'
import { expandVariables } from './expand-variables.ts'
import { type Instruction, readInstructions } from './read-instructions.ts'
import { stopSignalName } from './stop-signal-name.ts'

/** What the last stage of a Dockerfile says about the container's first process. */
export interface Dockerfile {
  /** ENTRYPOINT and CMD as the container runtime would join them; the shell form is `/bin/sh -c …`. */
  readonly command: readonly string[]
  /** WORKDIR as it is written, `/` when there is none. */
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string>>
  readonly stopSignal?: string
  /** The first EXPOSE. */
  readonly port?: number
}

interface Stage {
  readonly env: Record<string, string>
  readonly args: Record<string, string>
  workingDirectory: string
  shell: readonly string[]
  entrypoint?: readonly string[]
  isShellEntrypoint: boolean
  command: readonly string[]
  stopSignal?: string
  port?: number
}

/** Reads a Dockerfile; instructions that do not bear on the running process are passed over. */
export function readDockerfile(text: string, file: string): Result<Dockerfile, readonly Problem[]> {
  const problems: Problem[] = []
  const globalArgs: Record<string, string> = {}
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  for (const instruction of readInstructions(text)) {
    const complain = (message: string) => problems.push(problemAt(instruction, file, message))
    if (instruction.name === 'FROM') {
      stage = newStage(stages, instruction, globalArgs)
    } else if (instruction.name === 'ARG' && !stage) {
      takeArg(globalArgs, instruction, {})
    } else if (!stage) {
      complain(`${instruction.name} before the first FROM`)
    } else {
      const mistake = take(stage, instruction, globalArgs)
      if (mistake !== undefined) complain(mistake)
    }
  }
  const end = { name: '', text: '', line: text.split('\n').length, source: '' }
  if (!stage) problems.push(problemAt(end, file, 'there is no FROM'))
  const command = stage ? commandOf(stage) : []
  if (stage && command.length === 0 && problems.length === 0) {
    const message = 'there is neither CMD nor ENTRYPOINT; the base image’s own is not known here'
    problems.push({
      ...problemAt(end, file, message),
      hint: 'give the command after --',
    })
  }
  if (!stage || problems.length > 0) return fail(problems)
  return succeed({
    command,
    workingDirectory: stage.workingDirectory,
    env: stage.env,
    ...(stage.stopSignal !== undefined && { stopSignal: stage.stopSignal }),
    ...(stage.port !== undefined && { port: stage.port }),
  })
}

/** A stage inherits what is known of the stage that it is built on; what a base image brings is not known. */
function newStage(
  stages: Map<string, Stage>,
  { text }: Instruction,
  globalArgs: Readonly<Record<string, string>>,
): Stage {
  const words = text.split(/\s+/).filter((word) => !word.startsWith('--'))
  const base = stages.get(expandVariables(words[0] ?? '', globalArgs).toLowerCase())
  const stage: Stage = base
    ? { ...base, env: { ...base.env }, args: {} }
    : {
        env: {},
        args: {},
        workingDirectory: '/',
        shell: ['/bin/sh', '-c'],
        isShellEntrypoint: false,
        command: [],
      }
  const alias = words[1]?.toUpperCase() === 'AS' ? words[2] : undefined
  stages.set((alias ?? String(stages.size)).toLowerCase(), stage)
  return stage
}

/** Takes one instruction into the stage; gives what is wrong with it. */
function take(
  stage: Stage,
  instruction: Instruction,
  globalArgs: Readonly<Record<string, string>>,
): string | undefined {
  const expand = (text: string) => expandVariables(text, { ...stage.args, ...stage.env })
  const { name, text } = instruction
  switch (name) {
    case 'ARG':
      takeArg(stage.args, instruction, globalArgs)
      return undefined
    case 'ENV':
      return takeEnv(stage.env, text, expand)
    case 'WORKDIR':
      if (text === '') return 'WORKDIR names no directory'
      stage.workingDirectory = joinPath(stage.workingDirectory, expand(text))
      return undefined
    case 'SHELL': {
      const shell = execForm(text)
      if (!shell || shell.length === 0)
        return 'SHELL must be a JSON list, such as ["/bin/bash", "-c"]'
      stage.shell = shell
      return undefined
    }
    case 'ENTRYPOINT':
    case 'CMD':
      return takeCommand(stage, name, text)
    case 'STOPSIGNAL': {
      const signal = stopSignalName(expand(text))
      if (signal === undefined) return `STOPSIGNAL ${text} is no signal that can be sent here`
      stage.stopSignal = signal
      return undefined
    }
    case 'EXPOSE': {
      const port = Number(/^\d+/.exec(expand(text))?.[0])
      if (!(port > 0 && port < 65_536)) return `EXPOSE ${text} is no port`
      stage.port ??= port
      return undefined
    }
    default:
      return KNOWN.has(name) ? undefined : `${name} is not an instruction`
  }
}

const KNOWN = new Set('RUN COPY ADD LABEL USER VOLUME HEALTHCHECK ONBUILD MAINTAINER'.split(' '))

function takeArg(
  args: Record<string, string>,
  { text }: Instruction,
  globalArgs: Readonly<Record<string, string>>,
): void {
  const [name = '', ...rest] = text.split('=')
  const value = rest.length > 0 ? unquote(rest.join('=')) : globalArgs[name]
  if (value !== undefined) args[name] = expandVariables(value, { ...globalArgs, ...args })
}

const ENV_PAIR = /([A-Za-z_]\w*)=((?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])*)(?:\s+|$)/y

function takeEnv(
  env: Record<string, string>,
  text: string,
  expand: (text: string) => string,
): string | undefined {
  const old = /^([A-Za-z_]\w*)\s+(.*)$/s.exec(text)
  if (old) {
    env[old[1] ?? ''] = expand(old[2] ?? '')
    return undefined
  }
  let at = 0
  const found: [string, string][] = []
  while (at < text.length) {
    ENV_PAIR.lastIndex = at
    const pair = ENV_PAIR.exec(text)
    if (!pair) return `ENV ${text}: must be NAME=value`
    const [whole, name = '', value = ''] = pair
    found.push([name, value.startsWith("'") ? unquote(value) : expand(unquote(value))])
    at += whole.length
  }
  Object.assign(env, Object.fromEntries(found))
  return undefined
}

const unquote = (text: string): string =>
  text.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_whole, double, single, escaped) =>
    typeof double === 'string' ? double.replace(/\\(["\\$])/g, '$1') : String(single ?? escaped),
  )

function takeCommand(stage: Stage, name: 'ENTRYPOINT' | 'CMD', text: string): string | undefined {
  const list = execForm(text)
  if (text.startsWith('[') && !list) {
    // Docker takes such a line for the shell form, which then fails when the container starts.
    return `${name} ${text}: not a JSON list of strings; it needs double quotes`
  }
  const words = list ?? (text === '' ? [] : [...stage.shell, text])
  if (name === 'CMD') stage.command = words
  else {
    stage.entrypoint = words
    stage.isShellEntrypoint = !list
    stage.command = []
  }
  return undefined
}

function execForm(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isList = Array.isArray(value) && value.every((word) => typeof word === 'string')
    return isList ? value : undefined
  } catch {
    return undefined
  }
}

/** A shell-form ENTRYPOINT takes no CMD. */
const commandOf = ({ entrypoint, isShellEntrypoint, command }: Stage): readonly string[] =>
  isShellEntrypoint ? (entrypoint ?? []) : [...(entrypoint ?? []), ...command]

const joinPath = (base: string, path: string): string =>
  path.startsWith('/') ? path : `${base.replace(/\/$/, '')}/${path}`

const problemAt = ({ line, source }: Instruction, file: string, message: string): Problem => ({
  code: 'dockerfile',
  message,
  place: { file, line, column: 1, text: source, length: Math.max(1, source.length) },
})
