import type { Action } from './step-effect.ts'
import { undoRevision } from './undo-revision.ts'
import { undoRollout } from './undo-rollout.ts'

/** `kubectl rollout undo`: of a Deployment from its ReplicaSets, of the other kinds from their ControllerRevisions. */
export const undo =
  (toRevision: number | undefined): Action =>
  (context) =>
    context.workload.ref.kind === 'deployment'
      ? undoRollout(toRevision)(context)
      : undoRevision(toRevision)(context)
