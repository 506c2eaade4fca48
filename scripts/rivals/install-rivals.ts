import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const HEY = 'github.com/rakyll/hey@v0.1.5'
const K6 = 'go.k6.io/k6@v1.8.1'
const OHA = '1.16.0'
const AUTOCANNON = '9.0.0'

/** Where the tools are after {@link installRivals}; wrk and ab are on the path. */
export interface RivalPaths {
  readonly hey: string
  readonly k6: string
  readonly oha: string
  readonly autocannon: string
}

/** Builds or installs into a folder what is not there yet; oha and k6 take minutes the first time. */
export function installRivals(folder: string): RivalPaths {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  const paths = {
    hey: join(bin, 'hey'),
    k6: join(bin, 'k6'),
    oha: join(bin, 'oha'),
    autocannon: join(folder, 'autocannon', 'node_modules', '.bin', 'autocannon'),
  }
  if (!isOnPath('wrk') || !isOnPath('ab')) run(['apt-get', 'install', '-y', 'wrk', 'apache2-utils'])
  if (!existsSync(paths.hey)) run(['go', 'install', HEY], { GOBIN: bin })
  if (!existsSync(paths.k6)) run(['go', 'install', K6], { GOBIN: bin })
  if (!existsSync(paths.oha)) {
    const cargo = ['cargo', 'install', 'oha', '--version', OHA, '--locked', '--root', folder]
    run(cargo, { CARGO_TARGET_DIR: join(folder, 'oha-build') })
  }
  if (!existsSync(paths.autocannon)) {
    const prefix = join(folder, 'autocannon')
    mkdirSync(prefix, { recursive: true })
    const npm = ['npm', 'install', '--no-audit', '--no-fund', '--no-save', '--prefix', prefix]
    run([...npm, `autocannon@${AUTOCANNON}`])
  }
  return paths
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((part) => existsSync(join(part, program)))
}

function run([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  process.stderr.write(`${[program, ...args].join(' ')}\n`)
  // Outside of our own tree: no tool may take our package.json or lock file for its own.
  const options = { cwd: '/tmp', env: { ...process.env, ...env }, stdio: 'inherit' } as const
  execFileSync('nice', ['-n', '10', program, ...args], options)
}
