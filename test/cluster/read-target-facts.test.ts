import { expect, it } from 'vitest'
import { fail, succeed } from '../../src/base/result.ts'
import type { ApiClient } from '../../src/cluster/api-client.ts'
import { guardTarget } from '../../src/cluster/guard/guard-target.ts'
import { readTargetFacts } from '../../src/cluster/guard/read-target-facts.ts'
import type { StepAction } from '../../src/scenario/scenario.ts'

const scaler = (kind: string, name: string) => ({
  metadata: { name: `scales-${kind}-${name}` },
  spec: { scaleTargetRef: { kind, name } },
})

/** A cluster with a StatefulSet `db` and three autoscalers; whatever else is asked for is not there. */
const answers: Readonly<Record<string, object>> = {
  '/apis/apps/v1/namespaces/shop/statefulsets/db': {
    metadata: { name: 'db' },
    spec: {
      template: {},
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    },
  },
  '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers': {
    items: [scaler('Deployment', 'db'), scaler('StatefulSet', 'db'), scaler('StatefulSet', 'x')],
  },
}

const client = {
  call: ({ path }: { path: string }) => {
    const answer = answers[path]
    return Promise.resolve(answer ? succeed(answer) : fail({ status: 404 }))
  },
} as unknown as ApiClient

const workload = {
  ref: { kind: 'statefulset', name: 'db' },
  namespace: 'shop',
  selector: 'app=db',
} as const

it('of a StatefulSet its own autoscaler is known, and what holds an update back', async () => {
  const steps = (action: StepAction) => [{ ...action, label: action.type, line: 1 }]
  const address = { name: '10.0.0.1', ip: '10.0.0.1', port: 80, isFound: true }
  const read = async (action: StepAction) => {
    const facts = await readTargetFacts(client, workload, steps(action), address)
    if (!facts.ok) throw new Error(facts.error.message)
    return guardTarget(facts.value, {})
  }
  const scaled = await read({ type: 'scale', replicas: 1 })
  expect(scaled.refusal?.message).toBe(
    'the HorizontalPodAutoscaler "scales-StatefulSet-db" owns the replicas of statefulset/db; it and the run would fight',
  )
  const restarted = await read({ type: 'restart' })
  expect(restarted.refusal).toBeUndefined()
  expect(restarted.warnings).toEqual([
    'statefulset/db has the partition 2: only pods from 2 on are updated',
    'the HorizontalPodAutoscaler "scales-StatefulSet-db" may scale statefulset/db during the run',
  ])
})
