import { describe, expect, it } from 'vitest'
import { readScenario } from '../../src/scenario/read-scenario.ts'

const HEAD = `podtank: 1
name: small
target: { workload: deployment/web, through: service/web }
load: { schedule: 'const(1,1s)' }
steps:
`
const FIRST_LINE = 6

const read = (steps: string) => readScenario(HEAD + steps, '/srv/web/scenario.yaml')

function stepsOf(steps: string) {
  const scenario = read(steps)
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.error))
  return scenario.value.steps
}

function problemOf(steps: string) {
  const scenario = read(steps)
  if (scenario.ok) throw new Error('it was read')
  const [problem] = scenario.error
  const { line, column } = problem?.place ?? {}
  return { code: problem?.code, message: problem?.message, line, column }
}

const shortly = (steps: string) =>
  stepsOf(steps).map(({ label, line, beside }) =>
    [label, line, ...(beside ? [`${beside.group}/${beside.branch}`] : [])].join(' | '),
  )

describe('repeat', () => {
  it('is written out, each round with its number and each step with its own line', () => {
    expect(
      shortly(`  - repeat:
      times: 2
      steps:
        - scale: { replicas: 1 }
        - wait: settled
  - wait: 1s
`),
    ).toEqual([
      'scale to 1 (1 of 2) | 9',
      'wait settled (1 of 2) | 10',
      'scale to 1 (2 of 2) | 9',
      'wait settled (2 of 2) | 10',
      'wait 1s | 11',
    ])
  })

  it('may hold another one, and a parallel', () => {
    const inner = '{ repeat: { times: 2, steps: [{ restart: }] } }'
    expect(
      shortly(
        `  - repeat: { times: 2, steps: [${inner}, { parallel: [{ wait: 1s }, { undo: }] }] }\n`,
      ),
    ).toEqual([
      'restart (1 of 2, 1 of 2) | 6',
      'restart (1 of 2, 2 of 2) | 6',
      'wait 1s (1 of 2) | 6 | 0/0',
      'undo (1 of 2) | 6 | 0/1',
      'restart (2 of 2, 1 of 2) | 6',
      'restart (2 of 2, 2 of 2) | 6',
      'wait 1s (2 of 2) | 6 | 1/0',
      'undo (2 of 2) | 6 | 1/1',
    ])
  })

  it('makes at most 1,000 steps, which are counted before they are made', () => {
    const times = (count: number, steps: string) =>
      `{ repeat: { times: ${count}, steps: [${steps}] } }`
    expect(stepsOf(`  - ${times(500, '{ wait: 1s }, { restart: }')}\n`)).toHaveLength(1_000)
    expect(problemOf(`  - ${times(1_000, times(1_000, '{ wait: 1s }'))}\n`)).toEqual({
      code: 'too-many-steps',
      message: 'steps: 1,000,000 steps, with every repeat written out; at most 1,000 are possible',
      line: FIRST_LINE - 1,
      column: 1,
    })
  })
})

describe('parallel', () => {
  it('marks the steps of each branch; a branch may be a list or a repeat', () => {
    expect(
      shortly(`  - parallel:
      - scale: { replicas: 1 }
      - - wait: 1s
        - delete pods: { count: 1 }
      - repeat: { times: 2, steps: [{ evict: {} }] }
  - parallel: [{ wait: 1s }, { wait: 2s }]
`),
    ).toEqual([
      'scale to 1 | 7 | 0/0',
      'wait 1s | 8 | 0/1',
      'delete pods 1 | 9 | 0/1',
      'evict 1 (1 of 2) | 10 | 0/2',
      'evict 1 (2 of 2) | 10 | 0/2',
      'wait 1s | 11 | 1/0',
      'wait 2s | 11 | 1/1',
    ])
  })

  it.each<[string, string, number, string]>([
    ['of one branch', '  - parallel: [{ wait: 1s }]\n', 6, 'must be at least 2'],
    [
      'in another one',
      '  - parallel:\n      - wait: 1s\n      - parallel: [{ wait: 1s }, { wait: 2s }]\n',
      8,
      'steps[0].parallel[1]: "parallel" is not a key here',
    ],
    [
      'with a misspelt key',
      '  - parallel:\n      - wait: 1s\n      - - scal: { replicas: 1 }\n',
      8,
      'steps[0].parallel[1][0]: "scal" is not a key here',
    ],
    [
      'with a step that is wrong',
      '  - parallel:\n      - wait: 1s\n      - scale: { replicas: -1 }\n',
      8,
      'steps[0].parallel[1].scale.replicas: must be at least 0',
    ],
  ])('is not read %s', (_title, steps, line, message) => {
    const problem = problemOf(steps)
    expect(problem.message).toContain(message)
    expect(problem.line).toBe(line)
  })
})

describe('wait: steady', () => {
  it('has a time, and one within which it must be so', () => {
    expect(stepsOf('  - wait: steady for 10s\n  - wait: steady for 1m within 2m\n')).toEqual([
      {
        type: 'wait-steady',
        durationUs: 10e6,
        timeoutUs: 300e6,
        label: 'wait steady for 10s',
        line: 6,
      },
      {
        type: 'wait-steady',
        durationUs: 60e6,
        timeoutUs: 120e6,
        label: 'wait steady for 1m within 2m',
        line: 7,
      },
    ])
  })

  it.each([
    ['steady', 'steady for 10s within 2m'],
    ['steady for 10', 'must be a duration'],
    ['steady for 10s within', 'must be a duration'],
    ['steady for 1m within 30s', 'cannot be steady for 1m within 30s'],
  ])('says what is wrong with "%s"', (wait, message) => {
    const problem = problemOf(`  - wait: ${wait}\n`)
    expect(problem.message).toContain(message)
    expect(problem).toMatchObject({ line: 6, column: 11 })
  })
})

describe('exec', () => {
  it('is a program with its arguments, run in the folder of the scenario; its label shows no secret', () => {
    expect(
      stepsOf(`  - exec: [./deploy.sh, --token, geheim]
  - exec: { command: [kubectl, apply, -f, web.yaml], timeout: 30s }
`),
    ).toEqual([
      {
        type: 'exec',
        command: ['./deploy.sh', '--token', 'geheim'],
        timeoutUs: 300e6,
        directory: '/srv/web',
        label: 'exec deploy.sh',
        line: 6,
      },
      {
        type: 'exec',
        command: ['kubectl', 'apply', '-f', 'web.yaml'],
        timeoutUs: 30e6,
        directory: '/srv/web',
        label: 'exec kubectl apply',
        line: 7,
      },
    ])
  })

  it('is never a line for a shell', () => {
    expect(problemOf('  - exec: ./deploy.sh --fast\n')).toMatchObject({
      code: 'bad-value',
      line: 6,
      column: 11,
      message: expect.stringMatching(/must be a list.*a script is \[sh, -c/) as string,
    })
  })
})
