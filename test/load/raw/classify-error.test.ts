import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  classifyClose,
  classifyError,
  classifyTimeout,
} from '../../../src/load/raw/classify-error.ts'
import { blackHole, startHostileServer } from '../../support/hostile-server.ts'

const run = promisify(execFile)

describe('a socket error', () => {
  it.each([
    ['ECONNREFUSED', 'connecting', 'refused'],
    ['EHOSTUNREACH', 'connecting', 'unreachable'],
    ['ENETUNREACH', 'connecting', 'unreachable'],
    ['ETIMEDOUT', 'connecting', 'connect-timeout'],
    ['ETIMEDOUT', 'waiting', 'response-timeout'],
    ['ETIMEDOUT', 'in-body', 'response-timeout'],
    ['ECONNRESET', 'connecting', 'reset-before-response'],
    ['ECONNRESET', 'waiting', 'reset-before-response'],
    ['ECONNRESET', 'in-body', 'reset-in-body'],
    ['EPIPE', 'waiting', 'reset-before-response'],
    ['ENOTFOUND', 'connecting', 'dns'],
    ['EMFILE', 'connecting', 'generator'],
    ['EADDRNOTAVAIL', 'connecting', 'generator'],
    ['ESOMETHING', 'waiting', 'protocol'],
    [undefined, 'waiting', 'protocol'],
  ] as const)('%s while %s is of class %s', (code, phase, failure) => {
    expect(classifyError(code, phase)).toBe(failure)
  })

  it('of a generator without file descriptors is the generator’s fault, never the target’s', async () => {
    await using server = await startHostileServer(blackHole)
    const program = join(import.meta.dirname, '..', 'few-descriptors.ts')
    const command = `ulimit -n 80 && exec "${process.execPath}" "${program}" ${server.port}`
    const { stdout } = await run('sh', ['-c', command])
    const { planned, sent, outcomes, details } = JSON.parse(stdout) as {
      planned: number
      sent: number
      outcomes: Record<string, number>
      details: string[]
    }
    const { generator = 0, 'response-timeout': unanswered = 0 } = outcomes
    expect([planned, sent, generator + unanswered]).toEqual([100, 100, 100])
    expect(generator).toBeGreaterThanOrEqual(20)
    expect(unanswered).toBe(server.connectionCount)
    expect(details).toEqual(['EMFILE'])
  })
})

describe('a FIN and a time-out', () => {
  it.each([
    ['connecting', 'closed-before-response', 'connect-timeout'],
    ['waiting', 'closed-before-response', 'response-timeout'],
    ['in-body', 'closed-in-body', 'response-timeout'],
  ] as const)('while %s are %s and %s', (phase, closed, timeout) => {
    expect([classifyClose(phase), classifyTimeout(phase)]).toEqual([closed, timeout])
  })
})
