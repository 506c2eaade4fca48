import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { Pod } from '../kinds/pod.ts'
import type { PodDisruptionBudget } from '../kinds/pod-disruption-budget.ts'
import type { Route } from '../parse-route.ts'
import { refuse, refuseMissing } from '../answer.ts'
import { detailsOf } from '../details-of.ts'
import { kubeTime } from '../kube-time.ts'
import { matchesSelector } from '../matches-selector.ts'
import { parseBody } from '../parse-body.ts'
import { parseDeleteOptions, type DeleteOptions } from '../parse-delete-options.ts'
import { asObject } from '../patch/json-object.ts'
import { resourceVersionConflict, uidConflict } from '../store-errors.ts'

const LAGGING_RETRY_SECONDS = 10

/** POST of `pods/…/eviction`: a deletion that a PodDisruptionBudget may refuse (k8s-mechanics 1.10). */
export function evictPod(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const options = evictionOptions(request)
  if ('code' in options) return options
  const { namespace = '', name = '' } = route
  const pod = context.store.get<Pod>('pods', namespace, name)
  if (!pod) return refuseMissing(route)
  const conflict = preconditionOf(pod, options)
  if (conflict) return refuse(conflict, detailsOf(route))
  if (needsBudget(pod)) {
    const refused = takeFromBudget(context, pod, options.dryRun)
    if (refused) return refused
  }
  if (!options.dryRun) evict(context, pod, options)
  return { code: 201, body: success }
}

const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

/** The `deleteOptions` inside an Eviction, read as those of a DELETE; an Answer when it is not one. */
function evictionOptions(request: ApiRequest): DeleteOptions | (Answer & { code: number }) {
  const parsed = parseBody(request)
  const error = parsed.ok ? undefined : parsed.error
  if (error) return refuse(error) as Answer & { code: number }
  const inner = asObject(asObject(parsed.ok ? parsed.value : {})?.['deleteOptions']) ?? {}
  const options = parseDeleteOptions({
    ...request,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(inner)),
  })
  return options.ok ? options.value : (refuse(options.error) as Answer & { code: number })
}

function preconditionOf(pod: Pod, { uid, resourceVersion }: DeleteOptions) {
  if (uid !== undefined && uid !== pod.metadata.uid) return uidConflict('pods', pod, uid)
  if (resourceVersion === undefined || resourceVersion === pod.metadata.resourceVersion) {
    return undefined
  }
  return resourceVersionConflict('pods', pod, resourceVersion)
}

/** What never ran, has ended or is ending already costs no budget. */
const needsBudget = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  status.phase !== 'Pending' &&
  status.phase !== 'Succeeded' &&
  status.phase !== 'Failed'

/** Takes one disruption from the pod's budget, if it has one; gives the refusal when that is not possible. */
function takeFromBudget(context: ApiContext, pod: Pod, dryRun: boolean): Answer | undefined {
  const { namespace = '', name, labels } = pod.metadata
  const [budget, second] = context.store
    .list<PodDisruptionBudget>('poddisruptionbudgets', namespace)
    .filter(({ spec }) => spec.selector && matchesSelector(spec.selector, labels))
  if (!budget) return undefined
  if (second) {
    return refuse({
      reason: 'Unknown',
      message:
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    })
  }
  if (!isReady(pod) && isFreeWhenUnready(budget)) return undefined
  const refused = refusalOf(budget)
  if (refused || dryRun) return refused
  context.store.change<PodDisruptionBudget>(
    'poddisruptionbudgets',
    namespace,
    budget.metadata.name,
    (draft) => {
      if (!draft.status) return
      draft.status.disruptionsAllowed -= 1
      draft.status.disruptedPods = { ...draft.status.disruptedPods, [name]: kubeTime() }
    },
  )
  return undefined
}

const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ??
  false

/** `AlwaysAllow`, or the budget is whole without this pod. */
function isFreeWhenUnready({ spec, status }: PodDisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy
}

function refusalOf({ metadata, status }: PodDisruptionBudget): Answer | undefined {
  const { name, generation = 0 } = metadata
  const { observedGeneration = 0, disruptionsAllowed = 0 } = status ?? {}
  if (observedGeneration < generation) {
    const message = `The disruption budget ${name} is still being processed by the server.`
    return refuseDisruption(message, LAGGING_RETRY_SECONDS)
  }
  if (disruptionsAllowed > 0) return undefined
  const { desiredHealthy = 0, currentHealthy = 0 } = status ?? {}
  return refuseDisruption(
    `The disruption budget ${name} needs ${String(desiredHealthy)} healthy pods and has ${String(currentHealthy)} currently`,
    0,
  )
}

const refuseDisruption = (cause: string, retryAfterSeconds: number): Answer =>
  refuse(
    {
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
    },
    {
      causes: [{ reason: 'DisruptionBudget', message: cause }],
      ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
    },
  )

/** Two writes, so that a watcher sees the condition before the deletion. */
function evict({ store }: ApiContext, pod: Pod, options: DeleteOptions): void {
  const { namespace = '', name, uid } = pod.metadata
  const now = kubeTime()
  store.change<Pod>('pods', namespace, name, (draft) => {
    draft.status.conditions = [
      ...(draft.status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget'),
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'EvictionByEvictionAPI',
        message: 'Eviction API: evicting',
        lastTransitionTime: now,
      },
    ]
  })
  const { gracePeriodSeconds } = options
  store.remove('pods', namespace, name, {
    uid,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
  })
}
