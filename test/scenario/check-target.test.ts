import { describe, expect, it } from 'vitest'
import { problemsText } from '../../src/cli/print-problems.ts'
import { readScenario } from '../../src/scenario/read-scenario.ts'

const read = (workload: string, steps: string) =>
  readScenario(
    `podtank: 1
name: small
target: { workload: ${workload}, through: service/web }
load: { schedule: 'const(1,1s)' }
steps:
  - wait: 1s
${steps}
`,
    's.yaml',
  )

const problems = (workload: string, steps: string): string => {
  const result = read(workload, steps)
  return result.ok ? '' : problemsText(result.error)
}

describe('the target of a scenario', () => {
  it.each([
    ['deployment/web', 'deployment'],
    ['deploy/web', 'deployment'],
    ['statefulset/db', 'statefulset'],
    ['sts/db', 'statefulset'],
    ['daemonset/agent', 'daemonset'],
    ['ds/agent', 'daemonset'],
  ])('%s is a %s', (text, kind) => {
    const result = read(text, '  - restart:')
    expect(result.ok && result.value.changed.workload).toEqual({ kind, name: text.split('/')[1] })
  })

  it.each(['pod/web', 'replicaset/web', 'statefulset', 'ds/', 'DS/agent', 'statefulset/Web'])(
    '%s is none',
    (text) => {
      expect(problems(text, '  - restart:')).toContain(
        's.yaml:3:21: target.workload: must be deployment/NAME, statefulset/NAME or daemonset/NAME (deploy, sts, ds for short)',
      )
    },
  )

  it('takes every step for a Deployment and a StatefulSet', () => {
    const steps = [
      'scale: { replicas: 1 }',
      'restart:',
      'image: { image: web:2 }',
      'undo:',
      'delete pods:',
      'evict:',
      'cordon:',
      'drain:',
      'delete workload:',
    ].map(
      (step) => `  - ${step}${step.startsWith('delete pods') || step === 'evict:' ? ' {}' : ''}`,
    )
    for (const workload of ['deployment/web', 'sts/db'])
      expect(problems(workload, steps.join('\n'))).toBe('')
  })

  it('says at its place which step a DaemonSet cannot bear, and what to use instead', () => {
    expect(problems('ds/agent', '  - scale: { replicas: 1 }\n  - drain: { node: node-1 }'))
      .toBe(`error: s.yaml:7:5: steps[1].scale: a DaemonSet has no replicas to scale: it runs one pod on each node that fits
    - scale: { replicas: 1 }
      ^^^^^
  hint: use restart, delete pods or evict
error: s.yaml:8:5: steps[2].drain: a drain leaves the pods of a DaemonSet where they are (kubectl drain --ignore-daemonsets)
    - drain: { node: node-1 }
      ^^^^^
  hint: use evict or delete pods; a drain is for a Deployment or a StatefulSet`)
  })

  it('looks into repeats and parallels', () => {
    const nested = `  - repeat: { times: 2, steps: [{ scale: { replicas: 1 } }] }
  - parallel: [{ wait: 1s }, { drain: }, [{ wait: 1s }, { scale: { replicas: 2 } }]]`
    const told = problems('ds/agent', nested).match(/s\.yaml:\d+:\d+: \S+:/g)
    expect(told).toEqual([
      's.yaml:7:35: steps[1].repeat.steps[0].scale:',
      's.yaml:8:32: steps[2].parallel[1].drain:',
      's.yaml:8:59: steps[2].parallel[2][1].scale:',
    ])
  })

  it.each([
    ['deployment/web', 'strategy', 'updateStrategy', 'Deployment'],
    ['sts/db', 'updateStrategy', 'strategy', 'StatefulSet'],
    ['ds/agent', 'updateStrategy', 'strategy', 'DaemonSet'],
  ])('%s is patched with %s, and not with %s', (workload, right, wrong, kind) => {
    const step = (field: string) =>
      `  - patch: { template: { spec: {} }, ${field}: { type: RollingUpdate } }`
    const result = read(workload, step(right))
    expect(result.ok && result.value.steps[1]).toMatchObject({
      type: 'patch',
      strategy: { type: 'RollingUpdate' },
    })
    expect(problems(workload, step(wrong))).toContain(
      `s.yaml:7:38: steps[1].patch.${wrong}: a ${kind} has no ${wrong}`,
    )
  })
})
