import { basename } from 'node:path'
import { parseDurationUs } from '../base/units.ts'
import { readWait } from './read-wait.ts'
import type { EvictSpec, PodCount, StepAction } from './scenario.ts'
import type { ScenarioFile } from './schema.ts'

/** How long a command may take, unless the step says otherwise. */
const EXEC_TIMEOUT_US = 300_000_000
/** How long a refused eviction is asked again, unless the step says otherwise. */
const EVICT_TIMEOUT_US = 60_000_000

type FileStep = ScenarioFile['steps'][number]

/** What a step of the file does, and how it is called for people. */
export type NormalStep = StepAction & { readonly label: string }

/** Turns a step of a file into its action and its label; exactly one of its keys is given. */
export function normalStep(step: FileStep): NormalStep {
  if (step.wait !== undefined) return waitOf(step.wait)
  if (step.scale) {
    const { replicas } = step.scale
    return { type: 'scale', replicas, label: `scale to ${replicas}` }
  }
  if (step.exec) return execOf(step.exec)
  if (step['delete workload'] !== undefined)
    return { type: 'delete-workload', label: 'delete workload' }
  return templateStep(step) ?? podStep(step) ?? { type: 'restart', label: 'restart' }
}

function waitOf(text: string): NormalStep {
  const wait = readWait(text)
  if (typeof wait === 'string') throw new Error(`the schema let "${text}" through`)
  return { ...wait, label: `wait ${text}` }
}

function execOf(exec: NonNullable<FileStep['exec']>): NormalStep {
  const { command, timeout } = Array.isArray(exec) ? { command: exec } : exec
  const [program = '', first = ''] = command
  // Further words may hold secrets, and a label is shown everywhere.
  const word = /^[a-z][\w-]{0,30}$/i.test(first) ? ` ${first}` : ''
  return {
    type: 'exec',
    command,
    timeoutUs: parseDurationUs(timeout ?? '') ?? EXEC_TIMEOUT_US,
    label: `exec ${basename(program)}${word}`,
  }
}

/** Steps that change the pod template. */
function templateStep(step: FileStep): NormalStep | undefined {
  if (step.image) {
    const { image, container } = step.image
    return {
      type: 'image',
      image,
      ...(container !== undefined && { container }),
      label: `image ${image}`,
    }
  }
  if (step.patch) {
    const { template, strategy = step.patch.updateStrategy } = step.patch
    return { type: 'patch', podTemplate: template, ...(strategy && { strategy }), label: 'patch' }
  }
  if (step.undo === undefined) return undefined
  const toRevision = step.undo?.toRevision
  return toRevision === undefined
    ? { type: 'undo', label: 'undo' }
    : { type: 'undo', toRevision, label: `undo to revision ${toRevision}` }
}

/** Steps that take pods away, or keep them from coming. */
function podStep(step: FileStep): NormalStep | undefined {
  const deleted = step['delete pods']
  if (deleted) {
    return {
      type: 'delete-pods',
      pods: podCountOf(deleted.count),
      ...graceOf(deleted),
      label: `delete pods ${deleted.count}${forced(deleted)}`,
    }
  }
  const { evict, cordon, drain } = step
  if (evict) {
    return {
      type: 'evict',
      pods: podCountOf(evict.count),
      ...evictSpecOf(evict),
      label: `evict ${evict.count}${forced(evict)}`,
    }
  }
  if (cordon !== undefined) {
    return { type: 'cordon', ...nodeOf(cordon), label: labelWithNode('cordon', cordon) }
  }
  if (drain === undefined) return undefined
  return {
    type: 'drain',
    ...nodeOf(drain),
    ...evictSpecOf(drain ?? {}),
    label: labelWithNode('drain', drain),
  }
}

function podCountOf(count: number | string): PodCount {
  if (typeof count === 'number') return { unit: 'pods', count }
  return { unit: 'percent', percent: count === 'all' ? 100 : Number(count.slice(0, -1)) }
}

interface WithGrace {
  readonly gracePeriodSeconds?: number | undefined
}

const graceOf = ({ gracePeriodSeconds }: WithGrace) =>
  gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }

const forced = ({ gracePeriodSeconds }: WithGrace) => (gracePeriodSeconds === 0 ? ' (force)' : '')

const evictSpecOf = (given: WithGrace & { readonly timeout?: string | undefined }): EvictSpec => ({
  timeoutUs: parseDurationUs(given.timeout ?? '') ?? EVICT_TIMEOUT_US,
  ...graceOf(given),
})

type WithNode = { readonly node?: string | undefined } | null

const nodeOf = (given: WithNode) => (given?.node === undefined ? {} : { node: given.node })

const labelWithNode = (word: string, given: WithNode) =>
  given?.node === undefined ? word : `${word} ${given.node}`
