import { sanitize } from '../base/sanitize.ts'
import type { ClusterEntry, EndpointFacts, EndpointSliceFacts } from '../recording/entry.ts'
import type { Notice } from './notices.ts'
import type { PodLane } from './state/pod-lane.ts'
import type { ViewState } from './view-state.ts'

/** What is worth a line only where nothing but pods is watched: how a pod begins. Pure. */
export function beginNotices(
  before: PodLane | undefined,
  after: PodLane,
  { atUs }: { readonly atUs: number },
): readonly Notice[] {
  const notices: Notice[] = []
  const say = (text: string) =>
    notices.push({ atUs, tone: 'plain', text: `pod ${after.name} ${text}` })
  if (!before) say('created')
  if (after.nodeName !== undefined && before?.nodeName === undefined)
    say(`scheduled to ${after.nodeName}`)
  // Where both are told at once, the second says it all.
  if (after.hasImages && before?.hasImages !== true && !after.isStarted) say('image there')
  if (after.isStarted && before?.isStarted !== true) say('started')
  return notices
}

/** How the endpoints of pods changed in a slice, one line for each; pure. */
export function sliceNotices(
  before: ViewState,
  { slice, change, atUs }: Extract<ClusterEntry, { type: 'endpoint-slice' }>,
): readonly Notice[] {
  const was = before.slices.get(slice.name)
  const is = change === 'gone' ? { ...slice, endpoints: [] } : slice
  const names = new Set([...podsIn(was), ...podsIn(is)])
  return [...names].flatMap((pod): Notice[] => {
    const [old, now] = [wordOf(was, pod), wordOf(is, pod)]
    if (old === now) return []
    const service = sanitize(slice.service, 60)
    const tone = now === 'ready' ? 'good' : old === 'ready' ? 'warn' : 'plain'
    return [{ atUs, tone, text: `endpoint ${sanitize(pod, 80)} of ${service} ${now}` }]
  })
}

const podsIn = (slice: EndpointSliceFacts | undefined): string[] =>
  (slice?.endpoints ?? []).flatMap(({ podName }) => podName ?? [])

function wordOf(slice: EndpointSliceFacts | undefined, pod: string): string {
  const endpoint = slice?.endpoints.find(({ podName }) => podName === pod)
  return endpoint ? conditionsOf(endpoint) : 'absent'
}

function conditionsOf({ ready, serving, terminating }: EndpointFacts): string {
  if (ready) return 'ready'
  if (!terminating) return 'not ready'
  return serving ? 'terminating, still serving' : 'terminating'
}
