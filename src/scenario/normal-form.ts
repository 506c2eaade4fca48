import { dirname, resolve } from 'node:path'
import { parseDurationUs } from '../base/units.ts'
import { normalLoad } from './normal-load.ts'
import { readExpectation } from './read-expectation.ts'
import { readStopCriterion } from './read-stop-criterion.ts'
import type {
  ClusterScenario,
  Expectation,
  PodCount,
  Step,
  StepAction,
  StopCriterion,
  Through,
} from './scenario.ts'
import type { ScenarioFile } from './schema.ts'
import type { YamlDocument } from './yaml-document.ts'

/** How long `wait: settled` and `wait: ready` wait at most. */
const WAIT_UNTIL_TIMEOUT_US = 300_000_000

/** Turns a file that fits the schema into a scenario: durations in µs, short forms written out, paths absolute. */
export function normalForm(
  file: ScenarioFile,
  document: YamlDocument,
  path: string,
): ClusterScenario {
  const { target, load } = file
  return {
    name: file.name,
    ...(file.about !== undefined && { about: file.about }),
    changed: {
      workload: { kind: 'deployment', name: target.workload.replace(/^[^/]*\//, '') },
      through: throughOf(target.through),
      ...(target.namespace !== undefined && { namespace: target.namespace }),
    },
    load: normalLoad(load, path),
    steps: file.steps.map((step, at): Step => ({
      ...actionOf(step),
      label: labelOf(step),
      line: document.placeOf(['steps', at], 'value').line,
    })),
    expectations: file.expect.map((text) => readExpectation(text) as Expectation),
    ...(file.stop.length > 0 && { stopCriteria: stopCriteriaOf(file.stop) }),
    manifests: file.manifests.map((manifest) => resolve(dirname(path), manifest)),
    ...(file.lab && { lab: file.lab }),
  }
}

/** Criteria that the schema has found readable. */
export const stopCriteriaOf = (texts: readonly string[]): StopCriterion[] =>
  texts.map((text) => readStopCriterion(text) as StopCriterion)

function throughOf(text: string): Through {
  if (/^https?:/.test(text)) return { kind: 'url', url: text }
  const [kind = '', name = ''] = text.split('/')
  return { kind: kind.startsWith('ing') ? 'ingress' : 'service', name }
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
