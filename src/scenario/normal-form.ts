import { dirname, resolve } from 'node:path'
import { parseDurationUs } from '../base/units.ts'
import { readExpectation } from './read-expectation.ts'
import { readSchedule } from './read-schedule.ts'
import type {
  ClusterScenario,
  Expectation,
  PodCount,
  RequestSpec,
  SchedulePart,
  Step,
  StepAction,
  Through,
} from './scenario.ts'
import type { ScenarioFile } from './schema.ts'
import type { YamlDocument } from './yaml-document.ts'

/** How long `wait: settled` and `wait: ready` wait at most. */
const WAIT_UNTIL_TIMEOUT_US = 300_000_000

/** Turns a file that fits the schema into a scenario: durations in µs, short forms written out, paths absolute. */
export function normalForm(file: ScenarioFile, document: YamlDocument, path: string): ClusterScenario {
  const { target, load } = file
  return {
    name: file.name,
    ...(file.about !== undefined && { about: file.about }),
    changed: {
      workload: { kind: 'deployment', name: target.workload.replace(/^[^/]*\//, '') },
      through: throughOf(target.through),
      ...(target.namespace !== undefined && { namespace: target.namespace }),
    },
    load: {
      schedule: readSchedule(load.schedule) as SchedulePart[],
      connections: load.connections,
      timeoutUs: parseDurationUs(load.timeout) ?? 0,
      maxConnections: load.maxConnections,
      identityHeader: load.identityHeader.toLowerCase(),
      requests: load.requests.map(requestOf),
    },
    steps: file.steps.map((step, at): Step => ({
      ...actionOf(step),
      label: labelOf(step),
      line: document.placeOf(['steps', at], 'value').line,
    })),
    expectations: file.expect.map((text) => readExpectation(text) as Expectation),
    manifests: file.manifests.map((manifest) => resolve(dirname(path), manifest)),
    ...(file.lab && { lab: file.lab }),
  }
}

function throughOf(text: string): Through {
  if (text.startsWith('http:')) return { kind: 'url', url: text }
  const [kind = '', name = ''] = text.split('/')
  return { kind: kind.startsWith('ing') ? 'ingress' : 'service', name }
}

function requestOf(request: ScenarioFile['load']['requests'][number]): RequestSpec {
  if (typeof request === 'string') {
    const [first = '', second] = request.split(' ')
    return {
      method: second === undefined ? 'GET' : first,
      path: second ?? first,
      headers: {},
      weight: 1,
      okStatuses: [],
    }
  }
  const { expect, body, tag, ...rest } = request
  return {
    ...rest,
    ...(body !== undefined && { body }),
    ...(tag !== undefined && { tag }),
    okStatuses: expect === undefined ? [] : [expect.status].flat(),
  }
}

type FileStep = ScenarioFile['steps'][number]

function actionOf(step: FileStep): StepAction {
  if (step.wait === 'settled' || step.wait === 'ready') {
    return { type: 'wait-until', state: step.wait, timeoutUs: WAIT_UNTIL_TIMEOUT_US }
  }
  if (step.wait !== undefined) return { type: 'wait', durationUs: parseDurationUs(step.wait) ?? 0 }
  if (step.scale) return { type: 'scale', replicas: step.scale.replicas }
  if (step.image) {
    const { image, container } = step.image
    return { type: 'image', image, ...(container !== undefined && { container }) }
  }
  if (step.patch) {
    const { template, strategy } = step.patch
    return { type: 'patch', podTemplate: template, ...(strategy && { strategy }) }
  }
  const deleted = step['delete pods']
  if (!deleted) return { type: 'restart' }
  return {
    type: 'delete-pods',
    pods: podCountOf(deleted.count),
    ...(deleted.gracePeriodSeconds !== undefined && {
      gracePeriodSeconds: deleted.gracePeriodSeconds,
    }),
  }
}

function podCountOf(count: number | string): PodCount {
  if (typeof count === 'number') return { unit: 'pods', count }
  return { unit: 'percent', percent: count === 'all' ? 100 : Number(count.slice(0, -1)) }
}

function labelOf(step: FileStep): string {
  if (step.wait !== undefined) return `wait ${step.wait}`
  if (step.scale) return `scale to ${step.scale.replicas}`
  if (step.image) return `image ${step.image.image}`
  if (step.patch) return 'patch'
  const deleted = step['delete pods']
  if (!deleted) return 'restart'
  return deleted.gracePeriodSeconds === 0
    ? `delete pods ${deleted.count} (force)`
    : `delete pods ${deleted.count}`
}
