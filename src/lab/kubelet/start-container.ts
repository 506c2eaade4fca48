import type { Container } from '../api/kinds/pod.ts'
import { resolveImage } from '../apps/images.ts'
import { containerEnv, expand } from './container-env.ts'
import type { PodContext } from './pod-context.ts'
import type { ContainerProcess } from './runtime/container-process.ts'

/** Starts the process of a container, with its events and its log. */
export function startContainer(context: PodContext, container: Container): ContainerProcess {
  const { pod, node, directory, podIp } = context
  const { namespace = 'default', name } = pod.metadata
  const image = resolveImage(container.image ?? '')
  const env = containerEnv({ pod, container, podIp, image, store: node.store })
  const command = [...(container.command ?? image?.command ?? []), ...(container.args ?? [])]
  const log = node.logs.begin({ namespace, pod: name, container: container.name })
  const event = (reason: string, message: string) => {
    context.event({ type: 'Normal', reason, message, container })
  }
  event('Pulled', `Container image "${container.image ?? ''}" already present on machine`)
  event('Created', `Created container: ${container.name}`)
  const process = node.runtime.start({
    command: command.map((word) => expand(word, env)),
    env,
    directory: container.workingDir ?? directory,
    onOutput: (stream, chunk) => {
      log.append(stream, chunk)
    },
  })
  void process.exited.then(() => {
    log.end()
  })
  context.truth('started', { container: container.name })
  event('Started', `Started container ${container.name}`)
  return process
}
