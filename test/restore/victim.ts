/**
 * A process that changes a workload and a node as a run does, and puts them back; to be killed at any of its calls.
 * It says `guardian PID`, then `done`. Its argument is a VictimTask as JSON.
 */
import { actionOf } from '../../src/cluster/act/action-of.ts'
import type { ActionContext } from '../../src/cluster/act/step-effect.ts'
import { apiClient } from '../../src/cluster/api-client.ts'
import { openSession } from '../../src/cluster/restore/open-session.ts'
import { isPutBack } from '../../src/cluster/restore/restore-object.ts'
import type { StepAction, WorkloadRef } from '../../src/scenario/scenario.ts'

export interface VictimTask {
  readonly apiUrl: string
  /** Absent: no guardian. */
  readonly guardianKubeconfig?: string
  readonly logPath: string
  readonly namespace: string
  readonly workload: WorkloadRef
  readonly run: string
  readonly steps: readonly StepAction[]
}

const task = JSON.parse(process.argv[2] ?? '{}') as VictimTask
const client = apiClient(task.apiUrl, () => Promise.resolve())
const life = { isLost: false }
const session = await openSession({
  client,
  namespace: task.namespace,
  workload: task.workload,
  run: task.run,
  tryForMs: 60_000,
  ...(task.guardianKubeconfig !== undefined && {
    guardian: { connect: { kubeconfig: task.guardianKubeconfig }, logPath: task.logPath },
  }),
  onLost: () => {
    life.isLost = true
  },
})
if (!session.ok) {
  process.stdout.write(`refused ${session.error.message}\n`)
  process.exit(2)
}
process.stdout.write(`guardian ${session.value.guardianPid ?? 0}\n`)
const context: ActionContext = {
  connection: { client, contextName: 'lab', namespace: task.namespace, serverVersion: 'v1.34.0' },
  workload: { ref: task.workload, namespace: task.namespace, selector: 'app=web' },
  pods: () => [],
  session: session.value,
  signal: new AbortController().signal,
}
for (const step of task.steps) {
  if (life.isLost) break
  const done = await actionOf(step)?.(context)
  if (done?.ok !== true) process.stdout.write(`failed ${done?.error.message ?? ''}\n`)
}
let isClean = true
for (const ref of session.value.touched.toReversed()) {
  isClean = isPutBack(await session.value.restore(ref)) && isClean
}
const closed = await session.value.close()
process.stdout.write(`${isClean && closed.ok ? 'done' : 'left'}\n`)
process.exit(isClean && closed.ok ? 0 : 12)
