import { expect, it } from 'vitest'
import { judgeSignal } from '../../src/try/judge-signal.ts'
import type { Observation } from '../../src/try/observation.ts'

const seen = (containerPid: number, exitCode: number): Observation => ({
  processes: [
    {
      containerPid,
      parentContainerPid: 0,
      command: 'node server.js',
      listens: true,
      catches: true,
      endedMs: 3,
    },
  ],
  exitCode,
  exitMs: 3,
  idle: { opened: 3, keepsAlive: true, endedMs: 4, how: 'closed' },
  newConnections: { tried: 10, answered: 0, firstFailedMs: 0, firstFailure: 'refused' },
  inFlight: { by: 'nothing', open: 0, finished: 0 },
})

const judge = (containerPid: number, exitCode: number) => {
  const idle = seen(containerPid, exitCode)
  return judgeSignal({ idle, busy: idle, signal: 'SIGTERM', graceSeconds: 10 })
}

it('a server that the signal kills has heard it as PID 1; elsewhere that is what every process does', () => {
  expect(judge(1, 143)).toMatchObject({ state: 'good', code: 'signal-heard' })
  const elsewhere = judge(4711, 143)
  expect(elsewhere).toMatchObject({ state: 'unknown', code: 'signal-unclear' })
  expect(elsewhere.text).toContain('without PID namespaces')
})

it('only a first process is called PID 1', () => {
  expect(judge(1, 0).text).toBe('node server.js is PID 1 and hears SIGTERM')
  expect(judge(4711, 0)).toMatchObject({ state: 'good', text: 'node server.js hears SIGTERM' })
})
