import { join } from 'node:path'
import { monotonicUs } from '../../base/clock.ts'
import { fail, type Result, succeed } from '../../base/result.ts'
import type { Container } from '../api/kinds/pod.ts'
import { resolveImage } from '../apps/images.ts'
import { containerEnv, expand } from './container-env.ts'
import { findCommandMistake } from './find-command.ts'
import type { PodContext } from './pod-context.ts'
import type { ContainerProcess } from './runtime/container-process.ts'
import { terminationMessage } from './termination-message.ts'
import { enterMounts, linkVolumes } from './volumes/enter-mounts.ts'
import { networkFiles } from './volumes/network-files.ts'
import { ownMounts, terminationLogOf } from './volumes/own-mounts.ts'
import type { Mount } from './volumes/plan-mounts.ts'
import { volumeMounts } from './volumes/plan-mounts.ts'

/** What a container is started with, once all that its manifest refers to was found. */
export interface StartPlan {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly directory: string
  /** The container's volumes. */
  readonly volumes: readonly Mount[]
}

/** Works a start out; fails with the message of `CreateContainerConfigError` when something referred to is missing. */
export function planStart(context: PodContext, container: Container): Result<StartPlan, string> {
  const { pod, node, directory, podIp } = context
  const image = resolveImage(container.image ?? '')
  const { store, hostIp } = node
  const env = containerEnv({ pod, container, podIp, hostIp, image, store })
  if (!env.ok) return env
  const command = [...(container.command ?? image?.command ?? []), ...(container.args ?? [])]
  return succeed({
    command: command.map((word) => expand(word, env.value)),
    env: env.value,
    directory: container.workingDir ?? directory,
    volumes: volumeMounts(pod, container, directory),
  })
}

/** A container that was started, or could not be. */
export interface StartedContainer {
  readonly process: ContainerProcess
  /** Its termination message, once it has ended; empty when it left none. */
  readonly message: (exitCode: number) => string
}

/** Starts the process of a container, with its events and its log. */
export function startContainer(
  context: PodContext,
  container: Container,
  plan: StartPlan,
): StartedContainer {
  const { pod, node } = context
  const { namespace = 'default', name } = pod.metadata
  const log = node.logs.begin({ namespace, pod: name, container: container.name })
  const event = (type: 'Normal' | 'Warning', reason: string, message: string) => {
    context.event({ type, reason, message, container })
  }
  event('Normal', 'Pulled', `Container image "${container.image ?? ''}" already present on machine`)
  event('Normal', 'Created', `Created container: ${container.name}`)
  const mistake = findCommandMistake(plan)
  const view = mistake === undefined ? prepareView(context, container, plan) : fail(mistake)
  if (!view.ok) {
    log.end()
    event('Warning', 'Failed', `Error: ${view.error}`)
    return { process: neverStarted(view.error), message: () => '' }
  }
  const process = node.runtime.start({
    ...view.value,
    enter: context.enter,
    onOutput: (stream, chunk) => {
      log.append(stream, chunk)
    },
  })
  void process.exited.then(({ startError }) => {
    log.end()
    if (startError !== undefined) event('Warning', 'Failed', `Error: ${startError}`)
  })
  context.truth('started', { container: container.name })
  event('Normal', 'Started', `Started container ${container.name}`)
  const path = terminationLogOf(context.directory, container.name)
  return { process, message: (exitCode) => terminationMessage(container, { exitCode, path, log }) }
}

/** An error when its files cannot be made, as on a full disk. */
function prepareView(
  context: PodContext,
  container: Container,
  plan: StartPlan,
): Result<Omit<StartPlan, 'volumes'>, string> {
  try {
    return succeed(inItsView(context, container, plan))
  } catch (thrown) {
    return fail(`failed to prepare the files of the container: ${(thrown as Error).message}`)
  }
}

/** Its files are mounted where the runtime makes mount namespaces; where it does not, volumes are only linked. */
function inItsView(
  { node, pod, podIp, enter, directory }: PodContext,
  container: Container,
  { command, env, directory: workingDirectory, volumes }: StartPlan,
): Omit<StartPlan, 'volumes'> {
  if (!node.runtime.pidNamespaces) {
    linkVolumes(volumes, directory)
    return { command, env, directory: workingDirectory }
  }
  const staging = join(directory, 'mounts', container.name)
  const about = { podDirectory: directory, container, volumes, command, env, workingDirectory }
  const network = enter.length > 0 ? networkFiles(directory, pod, podIp) : []
  const isVolume = ({ target }: Mount) => volumes.some((volume) => volume.target === target)
  const own = [...network, ...ownMounts(about)].filter((mount) => !isVolume(mount))
  const before = enterMounts([...volumes, ...own], { staging, workingDirectory })
  // The working directory may be on a volume: then it is not there yet.
  return { command: [...before, ...command], env, directory }
}

const neverStarted = (startError: string): ContainerProcess => ({
  exited: Promise.resolve({ exitCode: 128, atUs: monotonicUs(), startError }),
  firstPid: () => undefined,
  signal: () => undefined,
  kill: () => undefined,
  exec: () => Promise.resolve({ exitCode: undefined, output: 'container not running' }),
})
