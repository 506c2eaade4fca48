import type { Answer } from '../answer.ts'
import type { ApiContext, ApiRequest } from '../api-context.ts'
import type { Container, Pod } from '../kinds/pod.ts'
import type { Route } from '../parse-route.ts'
import { refuse, refuseMissing } from '../answer.ts'
import { isTrue, secondsIn } from '../api-context.ts'
import { badRequest } from '../api-error.ts'
import { detailsOf } from '../details-of.ts'

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/** GET of `pods/…/log`, chunked while the container writes (k8s-mechanics 7.4). */
export function readLog(context: ApiContext, route: Route, request: ApiRequest): Answer {
  const { query } = request
  const { namespace = '', name = '' } = route
  const pod = context.store.get<Pod>('pods', namespace, name)
  if (!pod) return refuseMissing(route)
  const container = chooseContainer(pod, query.get('container'))
  if ('mistake' in container) return refuse(badRequest(container.mistake), detailsOf(route))
  const previous = isTrue(query, 'previous')
  const log = context.logs.open({
    namespace,
    pod: name,
    container: container.name,
    follow: isTrue(query, 'follow'),
    timestamps: isTrue(query, 'timestamps'),
    previous,
    ...optional('tailLines', secondsIn(query, 'tailLines')),
    ...optional('limitBytes', secondsIn(query, 'limitBytes')),
    ...optional('sinceEpochMs', sinceEpochMs(query)),
  })
  if (!log) return refuse(badRequest(noLogMessage(pod, container.name, previous)), detailsOf(route))
  return {
    stream: (response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.flushHeaders()
      response.once('close', () => log.destroy())
      log.once('error', () => response.destroy())
      log.pipe(response)
    },
  }
}

const optional = (name: string, value: number | undefined) =>
  value === undefined ? {} : { [name]: value }

function sinceEpochMs(query: URLSearchParams): number | undefined {
  const sinceTime = query.get('sinceTime')
  if (sinceTime !== null) return Date.parse(sinceTime)
  const seconds = secondsIn(query, 'sinceSeconds')
  return seconds === undefined ? undefined : Date.now() - seconds * 1000
}

type Choice = { readonly name: string } | { readonly mistake: string }

function chooseContainer(pod: Pod, asked: string | null): Choice {
  const containers: Container[] = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const names = containers.map((container) => container.name)
  const [only = ''] = names
  const name =
    asked ?? pod.metadata.annotations?.[DEFAULT_CONTAINER] ?? (names.length === 1 ? only : '')
  if (names.includes(name)) return { name }
  const podName = pod.metadata.name
  if (name === '') {
    const choice = names.join(' ')
    return {
      mistake: `a container name must be specified for pod ${podName}, choose one of: [${choice}]`,
    }
  }
  return { mistake: `container ${name} is not valid for pod ${podName}` }
}

function noLogMessage(pod: Pod, container: string, previous: boolean): string {
  const { name } = pod.metadata
  if (previous) return `previous terminated container "${container}" in pod "${name}" not found`
  const statuses = [
    ...(pod.status.containerStatuses ?? []),
    ...(pod.status.initContainerStatuses ?? []),
  ]
  const status = statuses.find((one) => one.name === container)
  const reason = status?.state?.waiting?.reason ?? 'ContainerCreating'
  return `container "${container}" in pod "${name}" is waiting to start: ${reason}`
}
