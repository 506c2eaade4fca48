import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type TryResult, tryResultSchema } from '../../src/try/try-result.ts'
import { freePort } from '../lab/apps/run-app.ts'
import { namespacesWork } from '../lab/kubelet/test-node.ts'
import { SERVERS } from './run-try.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'bin', 'podtank.js')

/** Runs the built program in `servers/`, on the best network there is. */
function podtankTry(...words: string[]) {
  const out = join(mkdtempSync(join(tmpdir(), 'podtank-try-cli-')), 'out')
  const command = [MAIN, 'try', '--grace', '3', '--out', out, ...words]
  return new Promise<{ code: number; stdout: string; stderr: string; out: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      command,
      { cwd: SERVERS, timeout: 100_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr, out }),
    )
  })
}

const dockerfile = (...lines: string[]): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'podtank-dockerfile-')), 'Dockerfile')
  writeFileSync(file, ['FROM node:24', ...lines, ''].join('\n'))
  return file
}

const codesOf = (stdout: string): string[] => {
  const result: TryResult = tryResultSchema.parse(JSON.parse(stdout))
  return result.findings.map(({ code }) => code)
}

describe.runIf(namespacesWork)('podtank try, the program', { timeout: 120_000 }, () => {
  // Two pods end at almost the same time: the end of the one must not touch the connections of the other.
  it('on the best network: requests in flight are answered though another pod ends before', async () => {
    const port = String(await freePort())
    const words = ['--port', port, '--slow-path', '/slow', '--no-load', '-o', 'json']
    const { code, stdout, stderr, out } = await podtankTry(...words, '--', 'node', 'server.ts')
    expect(stderr).toContain('report.html')
    expect(codesOf(stdout).slice(0, 3)).toEqual([
      'signal-heard',
      'in-flight-finished',
      'idle-closed',
    ])
    expect(code).toBe(0)
    const page = readFileSync(join(out, 'report.html'), 'utf8')
    expect(page).toContain('<h1 id="verdict">GRACEFUL</h1>')
    expect(page).not.toMatch(/<script|(?:src|href)="https?:/)
  })

  it('a Dockerfile in shell form: the shell swallows the signal, exit 10', async () => {
    const file = dockerfile('EXPOSE 3917', 'CMD node server.ts; echo ended')
    const { code, stdout } = await podtankTry('--no-load', '-o', 'json', '--dockerfile', file)
    expect(codesOf(stdout)[0]).toBe('signal-swallowed')
    expect(code).toBe(10)
  })

  it('a Dockerfile in exec form with its own STOPSIGNAL, ENTRYPOINT and CMD', async () => {
    const file = dockerfile(
      'ARG MODE=deaf',
      'ENV END=$MODE',
      'EXPOSE 3918/tcp',
      'STOPSIGNAL SIGINT',
      'HEALTHCHECK CMD true',
      'ENTRYPOINT ["node"]',
      'CMD ["server.ts"]',
    )
    const { code, stdout } = await podtankTry('--no-load', '--dockerfile', file)
    expect(stdout).toContain('does not react to SIGINT')
    expect(code).toBe(10)
  })
})

describe('podtank try refuses', () => {
  it.each([
    [
      'a command that is not there',
      ['--port', '3919', '--', 'not-there'],
      'not-there is not there',
    ],
    ['no command', ['--port', '3919'], 'there is no command to try'],
    ['no port', ['--', 'node', 'server.ts'], 'the port of the server is not known'],
  ])('%s, with exit 2', async (_what, words, message) => {
    const { code, stderr } = await podtankTry(...words)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  it('a wrong Dockerfile, with the place of each mistake', async () => {
    const file = dockerfile('EXPOS 3000', 'CMD [node, x.js]')
    const { code, stderr } = await podtankTry('--dockerfile', file)
    expect(stderr).toContain(':2:1: EXPOS is not an instruction')
    expect(stderr).toContain(':3:1: CMD [node, x.js]: not a JSON list of strings')
    expect(code).toBe(2)
  })
})
