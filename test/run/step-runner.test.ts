import { describe, expect, it } from 'vitest'
import { FRAME_US } from '../../src/load/load-frame.ts'
import { ClusterState } from '../../src/cluster/cluster-state.ts'
import { watchingSession } from '../../src/cluster/restore/watching-session.ts'
import { ClusterWaiter } from '../../src/cluster/wait-for-state.ts'
import type { Entry } from '../../src/recording/entry.ts'
import { SteadyTraffic } from '../../src/run/steady-traffic.ts'
import { runSteps } from '../../src/run/step-runner.ts'
import type { Step, StepAction, StepBranch } from '../../src/scenario/scenario.ts'

const step = (action: StepAction, label: string, beside?: StepBranch): Step => ({
  ...action,
  label,
  line: 1,
  ...(beside && { beside }),
})
const exec = (script: string, more: Partial<Extract<StepAction, { type: 'exec' }>> = {}) =>
  ({ type: 'exec', command: ['sh', '-c', script], ...more }) as const
const wait = (seconds: number) => ({ type: 'wait', durationUs: seconds * 1e6 }) as const

/** Runs steps that need no cluster; gives how they ended and what they told. */
async function run(
  steps: readonly Step[],
  options: { env?: Record<string, string>; traffic?: SteadyTraffic; signal?: AbortSignal } = {},
) {
  const told: string[] = []
  const said: string[] = []
  const result = await runSteps({
    steps,
    actions: {
      connection: {} as never,
      workload: {} as never,
      session: watchingSession('test'),
      pods: () => [],
    },
    waiter: new ClusterWaiter(new ClusterState()),
    traffic: options.traffic ?? new SteadyTraffic(),
    ...(options.env && { commandEnv: options.env }),
    nowUs: () => Math.round(performance.now() * 1_000),
    append(entry: Entry) {
      if (entry.kind === 'step') told.push(`${entry.label} ${entry.state}`)
      if (entry.kind === 'harness') said.push(entry.message)
    },
    signal: options.signal ?? new AbortController().signal,
    onDisruption: () => undefined,
    onChange: () => undefined,
  })
  return { result, told, said }
}

describe('steps in parallel', () => {
  it('begin together, each branch in its own order, and all end before what follows', async () => {
    const { result, told } = await run([
      step(wait(0.2), 'slow', { group: 0, branch: 0 }),
      step(wait(0.05), 'first', { group: 0, branch: 1 }),
      step(wait(0.05), 'second', { group: 0, branch: 1 }),
      step(wait(0.01), 'after'),
    ])
    expect(result.ok).toBe(true)
    expect(told).toEqual([
      'slow started',
      'first started',
      'first done',
      'second started',
      'second done',
      'slow done',
      'after started',
      'after done',
    ])
  })

  it('of two groups follow each other', async () => {
    const { told } = await run([
      step(wait(0.05), 'a', { group: 0, branch: 0 }),
      step(wait(0.01), 'b', { group: 0, branch: 1 }),
      step(wait(0.05), 'c', { group: 1, branch: 0 }),
      step(wait(0.01), 'd', { group: 1, branch: 1 }),
    ])
    expect(told.indexOf('a done')).toBeLessThan(told.indexOf('c started'))
    expect(told.indexOf('d done')).toBeLessThan(told.indexOf('c done'))
  })

  it('wait no longer, and begin nothing more, when one of them fails', async () => {
    const startedMs = performance.now()
    const { result, told } = await run([
      step(wait(60), 'long', { group: 0, branch: 0 }),
      step(wait(1), 'never', { group: 0, branch: 0 }),
      step(exec('exit 3'), 'broken', { group: 0, branch: 1 }),
      step(wait(1), 'after'),
    ])
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    expect(result).toMatchObject({ ok: false, error: { code: 'command-failed' } })
    expect(told).toEqual([
      'long started',
      'broken started',
      'broken failed',
      'long done',
      'never skipped',
    ])
  })
})

describe('a command', () => {
  it('is told by its lines, in the environment and the folder that it is given', async () => {
    const script = 'echo "$WHO in $(pwd)"; echo bad >&2; echo "${SECRET:-none}"'
    const { result, said } = await run([step(exec(script, { directory: '/usr' }), 'exec sh')], {
      env: { PATH: process.env['PATH'] ?? '', WHO: 'me' },
    })
    expect(result.ok).toBe(true)
    expect(said.toSorted()).toEqual(['bad', 'me in /usr', 'none'])
  })

  it('fails its step by its exit code, and the steps after it are not taken', async () => {
    const { result, told } = await run([step(exec('exit 7'), 'exec sh'), step(wait(1), 'after')])
    expect(result).toMatchObject({ ok: false, error: { code: 'command-failed' } })
    expect(!result.ok && result.error.message).toMatch(/^step 1 \(exec sh\): sh: exit code 7 after/)
    expect(told).toEqual(['exec sh started', 'exec sh failed'])
  })

  it('of podtank during fails too, but what follows is taken', async () => {
    const { result, told } = await run([
      step(exec('exit 7', { goesOnAfterFailure: true }), 'command'),
      step(wait(0.01), 'after'),
    ])
    expect(result.ok).toBe(false)
    expect(told).toEqual(['command started', 'command failed', 'after started', 'after done'])
  })

  it('is ended with its children when its time is over', async () => {
    const { result } = await run([step(exec('sleep 60 & wait', { timeoutUs: 200_000 }), 'exec sh')])
    expect(!result.ok && result.error.message).toMatch(/not over in time, ended by SIGTERM/)
  })

  it('that is not there fails its step', async () => {
    const missing = { type: 'exec', command: ['/nowhere/x'] } as const
    const { result } = await run([step(missing, 'exec x')])
    expect(!result.ok && result.error.message).toContain('cannot be started: ENOENT')
  })

  it('that floods keeps its first and its last lines, and the number of the others', async () => {
    const script = 'i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done'
    const { said } = await run([step(exec(script), 'exec sh')])
    expect(said).toHaveLength(501)
    expect(said[399]).toBe('line 399')
    expect(said[400]).toBe('… 2500 lines are left out …')
    expect(said.at(-1)).toBe('line 2999')
  })

  it('that writes one endless line is cut', async () => {
    const { said } = await run([step(exec('head -c 3000000 /dev/zero | tr "\\0" x'), 'exec sh')])
    expect(said.map(({ length }) => length)).toEqual([2_001])
  })
})

describe('a wait for steady traffic', () => {
  const NONE = { outcomes: {}, statuses: {}, responseTime: [], serviceTime: [], bytesIn: 0 }
  const steady = step(
    { type: 'wait-steady', durationUs: 10 * FRAME_US, timeoutUs: 20 * FRAME_US },
    'wait steady',
  )

  it('is over when nothing has failed for so long', async () => {
    const traffic = new SteadyTraffic()
    const ended = run([steady], { traffic })
    for (let nth = 0; nth < 10; nth++) {
      traffic.frame({ atUs: nth * FRAME_US, ended: { new: NONE, reused: NONE } })
    }
    expect((await ended).told).toEqual(['wait steady started', 'wait steady done'])
  })

  it('fails its step when the load ends before', async () => {
    const traffic = new SteadyTraffic()
    const ended = run([steady], { traffic })
    for (let nth = 0; nth < 4; nth++) {
      traffic.frame({ atUs: nth * FRAME_US, ended: { new: NONE, reused: NONE } })
    }
    traffic.loadEnded()
    const { result, told } = await ended
    expect(result).toMatchObject({ ok: false, error: { code: 'not-steady' } })
    expect(!result.ok && result.error.message).toBe(
      'step 1 (wait steady): the load ended when no request had failed for 400 ms; 1.00 s were asked for',
    )
    expect(told).toEqual(['wait steady started', 'wait steady failed'])
  })
})
