import { plural } from '../base/units.ts'
import { failedFromMs } from './observation.ts'
import { type Judged, judgeSignal, wasKilled } from './judge-signal.ts'
import type { Finding } from './try-result.ts'

/** A server that is gone so soon has waited for nothing. */
const AT_ONCE_MS = 30
/** A failure so shortly before the end of a killed process is of the kill. */
const KILL_MS = 100

/** Everything that two shutdowns tell of a server, in the order in which it is read. */
export function judgeShutdown(judged: Judged): Finding[] {
  const signal = judgeSignal(judged)
  return [
    signal,
    judgeInFlight(judged, signal.state === 'bad'),
    judgeIdle(judged),
    judgeNew(judged),
    judgeExit(judged),
  ]
}

function judgeInFlight({ busy, signal }: Judged, isDeaf: boolean): Finding {
  const { by, open, finished, lastFinishedMs } = busy.inFlight
  const finding = (state: Finding['state'], code: string, text: string): Finding => ({
    about: 'in flight',
    state,
    code,
    text,
  })
  if (open === 0) {
    const text =
      'it answers too quickly for a request to be open at the signal; name a slow page with --slow-path'
    return finding('unknown', 'in-flight-not-seen', text)
  }
  const what = `${plural(open, 'request')} in flight (${by})`
  if (finished === open && isDeaf) {
    const text = `${what}: all answered, for the server works on; what is open when it is killed is cut`
    return finding('unknown', 'in-flight-before-kill', text)
  }
  if (finished === open) {
    return finding(
      'good',
      'in-flight-finished',
      `${what}: all answered, the last ${human(lastFinishedMs ?? 0)} after ${signal}`,
    )
  }
  const cut = `${what}: ${open - finished} cut off without a whole answer`
  // A server may take a connection with half a request for an idle one: only one that waits for nothing is to blame.
  const isCertain = by !== 'half a request' || (busy.exitMs ?? Infinity) < AT_ONCE_MS
  return isCertain
    ? finding('bad', 'in-flight-cut', cut)
    : finding(
        'unknown',
        'in-flight-not-seen',
        `${cut}; name a slow page with --slow-path to be sure`,
      )
}

function judgeIdle({ idle: { idle }, signal }: Judged): Finding {
  const finding = (state: Finding['state'], code: string, text: string): Finding => ({
    about: 'idle',
    state,
    code,
    text,
  })
  if (idle.opened === 0 || !idle.keepsAlive)
    return finding('good', 'no-keep-alive', 'it closes each connection after its answer')
  switch (idle.lateRequest) {
    case 'answered with close':
      return finding('good', 'idle-told', 'idle connections are answered with Connection: close')
    case 'answered':
      return finding(
        'advice',
        'idle-pinned',
        `idle connections serve on after ${signal}, and are never told to go`,
      )
    case 'turned away':
      return finding(
        'advice',
        'idle-turned-away',
        `a request on an idle connection after ${signal} is answered with an error`,
      )
    case 'cut':
      return finding('advice', 'idle-cut', `a request on an idle connection after ${signal} is cut`)
    default:
      return finding(
        'good',
        'idle-closed',
        `idle connections are ${idle.how === 'reset' ? 'reset' : 'closed'} ${human(idle.endedMs ?? 0)} after ${signal}`,
      )
  }
}

function judgeNew({ idle: seen, signal }: Judged): Finding {
  const { firstFailure = 'refused', answered } = seen.newConnections
  const failedMs = failedFromMs(seen)
  if (failedMs === undefined) {
    const text = `new connections are served to the end (${answered} of them after ${signal})`
    return { about: 'new', state: 'good', code: 'new-served', text }
  }
  // What fails at the end of a process that was killed tells of the kill, not of the signal.
  if (wasKilled(seen) && failedMs > (seen.exitMs ?? Infinity) - KILL_MS) {
    const text = `new connections are served until SIGKILL (${answered} of them after ${signal})`
    return { about: 'new', state: 'advice', code: 'new-served', text }
  }
  const text = `new connections are ${firstFailure} from ${human(failedMs)} after ${signal} on: proxies still send some, see the table${firstFailure.startsWith('answered') ? '; if only this page is, name another with --path' : ''}`
  return { about: 'new', state: 'advice', code: 'new-refused', text }
}

function judgeExit(judged: Judged): Finding {
  const { idle, busy, graceSeconds } = judged
  const finding = (state: Finding['state'], code: string, text: string): Finding => ({
    about: 'exit',
    state,
    code,
    text,
  })
  const killed = `still there after ${graceSeconds} s: SIGKILL, exit code 137`
  if (wasKilled(idle) && !wasKilled(busy)) {
    const text = `${killed}; without idle connections it ends: it waits for clients to close them`
    return finding('bad', 'exit-waits-for-idle', text)
  }
  if (wasKilled(idle) || wasKilled(busy)) return finding('bad', 'exit-by-sigkill', killed)
  const after = Math.max(idle.exitMs ?? 0, busy.exitMs ?? 0)
  const code = idle.exitCode ?? busy.exitCode
  const text = `after ${human(idle.exitMs ?? 0)}${after - (idle.exitMs ?? 0) > 50 ? ` (${human(after)} with requests in flight)` : ''}, exit code ${code ?? 'unknown'}`
  return code === undefined || code === 0
    ? finding('good', 'exit-clean', text)
    : finding('advice', 'exit-code', `${text}: the pod counts as failed`)
}

const human = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
