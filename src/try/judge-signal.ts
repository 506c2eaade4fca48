import { constants } from 'node:os'
import type { Observation, SeenProcess } from './observation.ts'
import { shortCommand } from './short-command.ts'
import type { Finding } from './try-result.ts'

/** Small programs that exist to be PID 1: they pass signals on and end when their child has. */
const INIT = /^(?:tini|dumb-init|catatonit|docker-init|s6-svscan|supervisord)(?:-static)?$/

/** How soon a server that has heard the signal is taken to show it. */
const REACTION_MS = 1_000

const SIGKILLED = 137

/** What is judged: the end of a pod, and by which signal and grace. */
export interface Judged {
  readonly idle: Observation
  readonly busy: Observation
  readonly signal: string
  readonly graceSeconds: number
}

/** Whether the server heard the stop signal, and if not, who kept it. */
export function judgeSignal(judged: Judged): Finding {
  const { idle, signal } = judged
  const [first] = idle.processes
  const server = idle.processes.find(({ listens }) => listens)
  if (!first || !server) return unseen(judged)
  const finding = (state: Finding['state'], code: string, text: string): Finding => ({
    about: 'signal',
    state,
    code,
    text,
  })
  const name = shortCommand(server.command)
  const parent = shortCommand(first.command)
  const isFirst = first.containerPid === 1
  if (!isFirst && wasEndedBy(idle, signal)) {
    const text = `${parent} ends by ${signal}, as any process without a handler does; whether it has one, and would hear it as PID 1, cannot be told here, without PID namespaces`
    return finding('unknown', 'signal-unclear', text)
  }
  if (first === server) {
    if (hasReacted(idle))
      return finding(
        'good',
        'signal-heard',
        `${name} ${isFirst ? 'is PID 1 and ' : ''}hears ${signal}`,
      )
    const why = server.catches
      ? `as PID 1 without a handler it never sees ${signal}, or its handler does nothing`
      : `it has no handler for ${signal}, and PID 1 has no default action`
    return finding('bad', 'signal-ignored', `${name} does not react to ${signal}: ${why}`)
  }
  if (wasKilled(idle)) {
    if (server.endedMs !== undefined && server.endedMs < (first.endedMs ?? 0) - REACTION_MS) {
      return finding('bad', 'first-process-stays', `${name} ends, but PID 1, ${parent}, does not`)
    }
    return hasReacted(idle)
      ? finding('good', 'signal-heard', `${parent} passes ${signal} on to ${name}`)
      : finding(
          'bad',
          'signal-swallowed',
          `${signal} never reaches ${name}: PID 1 is ${parent}, which does not pass it on`,
        )
  }
  const between = diedBefore(idle, server)
  if (between) {
    const text = `${signal} never reaches ${name}: ${parent} passes it to ${shortCommand(between.command)}, which dies of it; when ${parent} then ends as PID 1 the kernel kills ${name}`
    return finding('bad', 'server-killed-with-pid-1', text)
  }
  if (INIT.test(programOf(first)) || (server.endedMs ?? Infinity) < (first.endedMs ?? 0))
    return finding('good', 'signal-heard', `${parent} passes ${signal} on to ${name}`)
  const { busy } = judged
  if (busy.inFlight.open > 0 && busy.inFlight.finished === busy.inFlight.open)
    return finding('good', 'signal-heard', `${parent} passes ${signal} on to ${name}`)
  const text = `${name} ends together with PID 1, ${parent}: whether it heard ${signal} or was killed cannot be told`
  return finding('unknown', 'signal-unclear', text)
}

/** SIGKILL at the end of the grace. */
export const wasKilled = ({ exitCode }: Observation): boolean => exitCode === SIGKILLED

/** The default action of the signal, or an exit code that says so. */
const wasEndedBy = ({ exitCode = 0 }: Observation, signal: string): boolean =>
  exitCode === 128 + constants.signals[signal as NodeJS.Signals]

/** It ended, stopped listening, closed what was idle, or began to say `Connection: close`. */
function hasReacted(seen: Observation): boolean {
  const soon = (ms: number | undefined) => ms !== undefined && ms < REACTION_MS
  return (
    !wasKilled(seen) ||
    soon(seen.newConnections.firstFailedMs) ||
    soon(seen.idle.endedMs) ||
    seen.idle.lateRequest === 'answered with close' ||
    seen.idle.lateRequest === 'turned away'
  )
}

/** A process between PID 1 and the server that ended while the server lived on. */
function diedBefore({ processes }: Observation, server: SeenProcess): SeenProcess | undefined {
  const parent = processes.find(({ containerPid }) => containerPid === server.parentContainerPid)
  if (!parent || parent === processes[0]) return undefined
  const margin = 20
  const isFirst = (parent.endedMs ?? Infinity) + margin < (server.endedMs ?? Infinity)
  return isFirst ? parent : undefined
}

const programOf = ({ command }: SeenProcess): string =>
  command.split(' ')[0]?.split('/').at(-1) ?? ''

/** Without /proc only the exit tells. */
function unseen({ idle, signal }: Judged): Finding {
  return hasReacted(idle)
    ? { about: 'signal', state: 'good', code: 'signal-heard', text: `${signal} ends it` }
    : {
        about: 'signal',
        state: 'bad',
        code: 'signal-ignored',
        text: `nothing in the pod reacts to ${signal}`,
      }
}
