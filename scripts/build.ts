import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * Builds dist/: the sources compiled by tsc, the data beside them, and the report's page script with uPlot, bundled
 * by esbuild into one text. With --if-stale, does nothing when no source is newer than the last build.
 */
const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist', '.built')

const newest = (patterns: readonly string[]) =>
  Math.max(
    ...patterns.flatMap((pattern) =>
      globSync(pattern, { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs),
    ),
  )

function isFresh(): boolean {
  if (!existsSync(stamp)) return false
  const sources = newest([
    'src/**/*.ts',
    'src/**/*.tsx',
    'src/**/*.css',
    'src/**/*.jsonl',
    'package-lock.json',
    'tsconfig*.json',
  ])
  return statSync(stamp).mtimeMs > sources
}

async function buildPage(): Promise<void> {
  const assets = join(root, 'dist', 'report', 'html', 'assets')
  mkdirSync(assets, { recursive: true })
  const page = join(root, 'src', 'report', 'html', 'page', 'page.ts')
  const bundled = await build({
    entryPoints: [page],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    write: false,
  })
  writeFileSync(join(assets, 'page.js'), bundled.outputFiles[0]?.text ?? '')
  const uplot = readFileSync(join(root, 'node_modules', 'uplot', 'dist', 'uPlot.min.css'), 'utf8')
  const own = readFileSync(join(root, 'src', 'report', 'html', 'page', 'page.css'), 'utf8')
  writeFileSync(join(assets, 'page.css'), `${uplot}\n${own}`)
}

if (!process.argv.includes('--if-stale') || !isFresh()) {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  execFileSync(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  for (const file of globSync('**/*.jsonl', { cwd: join(root, 'src') })) {
    copyFileSync(join(root, 'src', file), join(root, 'dist', file))
  }
  await buildPage()
  writeFileSync(stamp, `${new Date().toISOString()}\n`)
}
