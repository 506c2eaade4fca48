import { sanitize } from '../base/sanitize.ts'
import { humanCount, humanUs } from '../base/units.ts'
import type { ClusterEntry, Entry, StepEntry } from '../recording/entry.ts'
import { beginNotices, sliceNotices } from './life-notices.ts'
import { failureText } from './state/fold-failure.ts'
import type { PodLane } from './state/pod-lane.ts'
import { podsReady, podsThere } from './status-line.ts'
import type { ViewState } from './view-state.ts'

/** One line about something that happened. */
export interface Notice {
  readonly atUs: number
  readonly tone: 'plain' | 'good' | 'warn' | 'bad'
  readonly text: string
}

const QUIET = new Set<string>(['load-ended', 'command-said', 'restored'])

/** What is worth a line when an entry turns one state into the next; pure. */
export function noticesOf(before: ViewState, after: ViewState, entry: Entry): readonly Notice[] {
  switch (entry.kind) {
    case 'plan':
      return notice(0, 'plain', planText(after))
    case 'phase':
      if (after.isLoadAlone) return []
      if (after.isPodsOnly) return notice(entry.atUs, 'plain', watchedText(after))
      return notice(entry.atUs, 'plain', `phase ${entry.phase}`)
    case 'step':
      return notice(entry.atUs, stepTone(entry), stepText(after, entry))
    case 'cluster':
      return clusterNotices(before, after, entry)
    case 'failure': {
      const text = failureText(entry)
      if (before.seenFailures.has(text)) return []
      const detail = entry.detail === undefined ? '' : `, ${sanitize(entry.detail, 80)}`
      return notice(
        entry.endedAtUs,
        'bad',
        `first ${text}: ${sanitize(entry.method, 20)} on a ${entry.connection} connection${detail}`,
      )
    }
    case 'harness':
      return notice(entry.atUs, QUIET.has(entry.type) ? 'plain' : 'warn', sanitize(entry.message))
    case 'end': {
      const lost = entry.notRestored.map((what) => `; NOT PUT BACK: ${sanitize(what)}`).join('')
      const what = after.isPodsOnly ? 'watch' : 'run'
      return notice(entry.atUs, lost === '' ? 'plain' : 'bad', `${what} ${entry.reason}${lost}`)
    }
    case 'stop':
      return notice(entry.atUs, 'bad', `stopped: ${sanitize(entry.seen)}`)
    case 'meta':
    case 'host':
    case 'frame':
      return []
  }
}

const notice = (atUs: number, tone: Notice['tone'], text: string): readonly Notice[] => [
  { atUs, tone, text },
]

function restartText({ restarts, lastExit }: PodLane, isPodsOnly: boolean): string {
  if (!isPodsOnly || !lastExit) return `restarted (${restarts})`
  const { exitCode, reason } = lastExit
  const why = reason === undefined ? '' : ` (${sanitize(reason, 40)})`
  return `restarted (${restarts}) after exit with ${exitCode}${why}`
}

const watchedText = (state: ViewState): string =>
  `watching: pods ${podsReady(state)}/${state.wantedReplicas ?? podsThere(state)} ready, endpoints ${state.endpoints.at(-1)?.ready ?? 0}`

const planText = (state: ViewState): string =>
  state.isPodsOnly ? `${state.scenario} on ${state.cluster}` : loadText(state)

const loadText = ({
  scenario,
  cluster,
  isLoadAlone,
  address,
  plannedRequests,
  plannedDurationUs,
  endsWithSteps,
}: ViewState) =>
  `${scenario}${isLoadAlone ? '' : ` on ${cluster}`}: ${plannedRequests === undefined ? '' : `${humanCount(plannedRequests)} requests in `}${endsWithSteps ? 'at most ' : ''}${humanUs(plannedDurationUs)} to ${address}`

const STEP_TONES = {
  started: 'plain',
  done: 'good',
  failed: 'bad',
  skipped: 'warn',
  restoring: 'plain',
  restored: 'good',
  'not-restored': 'bad',
} as const satisfies Record<StepEntry['state'], Notice['tone']>

const stepTone = (entry: StepEntry) => STEP_TONES[entry.state]

function stepText({ steps }: ViewState, { index, state, detail }: StepEntry): string {
  const step = steps[index]
  const took =
    state === 'done' && step?.startedUs !== undefined && step.endedUs !== undefined
      ? ` after ${humanUs(step.endedUs - step.startedUs)}`
      : ''
  const more = detail === undefined ? '' : ` (${sanitize(detail)})`
  return `step ${index + 1}/${steps.length} ${step?.label ?? ''}: ${state}${took}${more}`
}

function clusterNotices(
  before: ViewState,
  after: ViewState,
  entry: ClusterEntry,
): readonly Notice[] {
  const { atUs } = entry
  if (entry.type === 'pod') return podNotices(before, after, entry)
  if (entry.type === 'endpoint-slice') {
    if (after.isPodsOnly && after.phase !== undefined) return sliceNotices(before, entry)
    const was = before.endpoints.at(-1)?.ready
    const is = after.endpoints.at(-1)?.ready ?? 0
    if (was === undefined) return notice(atUs, 'plain', `endpoints ${is}`)
    return was === is ? [] : notice(atUs, is === 0 ? 'bad' : 'plain', `endpoints ${was} → ${is}`)
  }
  if (entry.type === 'gap') {
    const { resource, fromUs, toUs, why } = entry.gap
    return notice(
      atUs,
      'warn',
      `blind on ${sanitize(resource, 40)} for ${humanUs(toUs - fromUs)}: ${sanitize(why, 120)}`,
    )
  }
  if (entry.type === 'not-watched' && after.isPodsOnly)
    return notice(
      atUs,
      'warn',
      `not watched: ${sanitize(entry.resource, 60)} (${sanitize(entry.why, 160)})`,
    )
  if (entry.type !== 'reported-event') return []
  const { reason, objectKind, objectName, severity, message } = entry.event
  const object = sanitize(objectName, 80)
  if (reason === 'Killing' && objectKind === 'Pod')
    return notice(atUs, 'plain', `pod ${object} Killing`)
  // Failing probes of a pod that starts or ends come by the dozen.
  if (severity === 'Normal' || reason === 'Unhealthy') return []
  return notice(
    atUs,
    'warn',
    `event ${sanitize(reason, 40)} on ${object}: ${sanitize(message, 160)}`,
  )
}

function podNotices(
  before: ViewState,
  after: ViewState,
  { pod: { uid }, atUs }: Extract<ClusterEntry, { type: 'pod' }>,
): readonly Notice[] {
  const was = before.pods.get(uid)
  const is = after.pods.get(uid)
  if (!is) return []
  // Before the first phase it is what was there already.
  const notices: Notice[] =
    after.isPodsOnly && after.phase !== undefined ? [...beginNotices(was, is, { atUs })] : []
  if (!was) return notices
  const say = (tone: Notice['tone'], text: string) =>
    notices.push({ atUs, tone, text: `pod ${is.name} ${text}` })
  if (is.restarts > was.restarts) say('warn', restartText(is, after.isPodsOnly))
  if (is.isReady && !was.isReady) say('good', 'ready')
  if (is.deletedUs !== undefined && was.deletedUs === undefined) {
    say('plain', `deleted, grace ${is.graceSeconds} s`)
  } else if (was.isReady && !is.isReady && is.deletedUs === undefined) say('warn', 'not ready')
  if (is.exitedUs !== undefined && was.exitedUs === undefined) {
    const reason = is.exitReason === undefined ? '' : ` (${is.exitReason})`
    say((is.exitCode ?? 0) === 0 ? 'plain' : 'warn', `exited with ${is.exitCode ?? '?'}${reason}`)
  }
  if (is.goneUs !== undefined && was.goneUs === undefined) say('plain', 'gone')
  return notices
}
