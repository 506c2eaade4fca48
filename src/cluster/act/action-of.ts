import type { StepAction } from '../../scenario/scenario.ts'
import { image, patch, restart } from './change-template.ts'
import { cordon } from './cordon.ts'
import { deletePods } from './delete-pods.ts'
import { deleteWorkload } from './delete-workload.ts'
import { drain } from './drain.ts'
import { evict } from './evict.ts'
import { scale } from './scale.ts'
import type { Action } from './step-effect.ts'
import { undo } from './undo.ts'

/** The action of a step; undefined for one that changes nothing by itself. */
export function actionOf(step: StepAction): Action | undefined {
  switch (step.type) {
    case 'scale':
      return scale(step.replicas)
    case 'restart':
      return restart()
    case 'image':
      return image(step.image, step.container)
    case 'patch':
      return patch(step.podTemplate, step.strategy)
    case 'delete-pods':
      return deletePods(step.pods, step.gracePeriodSeconds)
    case 'evict':
      return evict(step.pods, step)
    case 'drain':
      return drain(step.node, step)
    case 'cordon':
      return cordon(step.node)
    case 'undo':
      return undo(step.toRevision)
    case 'delete-workload':
      return deleteWorkload()
    case 'wait':
    case 'wait-until':
    case 'wait-steady':
    case 'exec':
      return undefined
  }
}
