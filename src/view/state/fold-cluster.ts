import { sanitize } from '../../base/sanitize.ts'
import type { ClusterEntry, EndpointSliceFacts, ReportedEvent } from '../../recording/entry.ts'
import type { ViewState } from '../view-state.ts'
import { changePod, type PodLane } from './pod-lane.ts'

/** The state after something was learnt of the cluster. */
export function foldCluster(state: ViewState, entry: ClusterEntry): ViewState {
  switch (entry.type) {
    case 'pod':
      return withPod(state, changePod(state.pods.get(entry.pod.uid), entry))
    case 'endpoint-slice':
      return foldSlice(state, entry)
    case 'deployment':
      return { ...state, wantedReplicas: entry.deployment.specReplicas }
    case 'stateful-set':
      return { ...state, wantedReplicas: entry.statefulSet.specReplicas }
    case 'daemon-set':
      return { ...state, wantedReplicas: entry.daemonSet.desiredNumberScheduled }
    case 'reported-event':
      return foldEvent(state, entry.event, entry.atUs)
    case 'gap': {
      const { resource, fromUs, toUs } = entry.gap
      return {
        ...state,
        isBlind: false,
        gaps: [...state.gaps, { resource: sanitize(resource, 40), fromUs, toUs }],
      }
    }
    default:
      return state
  }
}

const withPod = (state: ViewState, pod: PodLane): ViewState => ({
  ...state,
  pods: state.pods.with(pod),
})

function foldSlice(
  state: ViewState,
  { slice, change, atUs }: Extract<ClusterEntry, { type: 'endpoint-slice' }>,
): ViewState {
  const inSlice = change === 'gone' ? [] : slice.endpoints.filter((endpoint) => endpoint.ready)
  const readyBySlice = new Map(state.readyBySlice).set(slice.name, inSlice.length)
  const ready = [...readyBySlice.values()].reduce((sum, count) => sum + count, 0)
  const { endpoints } = state
  return {
    ...state,
    readyBySlice,
    ...(state.isPodsOnly && { slices: withSlice(state.slices, slice, change === 'gone') }),
    endpoints: endpoints.at(-1)?.ready === ready ? endpoints : [...endpoints, { atUs, ready }],
  }
}

function withSlice(
  slices: ViewState['slices'],
  slice: EndpointSliceFacts,
  isGone: boolean,
): ViewState['slices'] {
  const next = new Map(slices)
  if (isGone) next.delete(slice.name)
  else next.set(slice.name, slice)
  return next
}

function foldEvent(state: ViewState, event: ReportedEvent, atUs: number): ViewState {
  if (event.reason !== 'Killing' || event.objectKind !== 'Pod') return state
  const name = sanitize(event.objectName, 80)
  const pod = [...state.pods.values()].find(
    (lane) => lane.name === name && lane.goneUs === undefined && lane.killingUs === undefined,
  )
  return pod ? withPod(state, { ...pod, killingUs: atUs }) : state
}
