import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { machineLine, print, table } from './measure.ts'
import type { WatchFigures } from './watch-child.ts'

/**
 * What does a large namespace cost? 10,000 pods of 3.6 kB are listed and watched for 20 s under 1,000 updates/s, in a
 * process of its own, bundled as podtank is. Bar: ≤ 200 MB resident, ≤ 50 ms in which the event loop does nothing else.
 */
const PODS = 10_000
const UPDATES = 1_000
const SECONDS = Number(process.env['SECONDS'] ?? 20)

const folder = mkdtempSync(join(tmpdir(), 'podtank-watch-'))
const child = join(folder, 'watch-child.mjs')
await build({
  entryPoints: [join(import.meta.dirname, 'watch-child.ts')],
  outfile: child,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
})
const server = spawn(
  process.execPath,
  [join(import.meta.dirname, 'pod-server.ts'), String(PODS), String(UPDATES)],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
// What the machine itself does to a process that does nothing.
const idle = spawn(
  process.execPath,
  [
    '-e',
    `const d=require('perf_hooks').monitorEventLoopDelay({resolution:1});d.enable();process.stdin.on('end',()=>console.log(d.max/1e6)).resume()`,
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
)
const [port] = (await once(server.stdout, 'data')) as [Buffer]
const { stdout } = await promisify(execFile)(process.execPath, [
  child,
  String(port).trim(),
  String(SECONDS),
])
idle.stdin.end()
const [idleStallMs] = (await once(idle.stdout, 'data')) as [Buffer]
server.kill()
rmSync(folder, { recursive: true })
const figures = JSON.parse(stdout) as WatchFigures
print(machineLine())
print(
  table(
    ['10,000 pods of 3.6 kB', 'list', 'watch, 1,000 updates/s'],
    [
      ['took', `${figures.listMs.toFixed(0)} ms`, `${SECONDS} s, ${figures.changed} changes told`],
      [
        'longest stall',
        `${figures.listStallMs.toFixed(0)} ms`,
        `${figures.watchStallMs.toFixed(0)} ms`,
      ],
      [
        'of it in CPU time',
        `${figures.listTurnMs.toFixed(0)} ms`,
        `${figures.watchTurnMs.toFixed(0)} ms`,
      ],
      ['of a process that does nothing beside it', '', `${Number(idleStallMs).toFixed(0)} ms`],
      [
        'resident',
        `${figures.residentBeforeMb.toFixed(0)} MB before, ${figures.residentListMb.toFixed(0)} at most`,
        `${figures.residentMostMb.toFixed(0)} MB at most`,
      ],
    ],
  ),
)
if (figures.appeared !== PODS || figures.gaps > 0) throw new Error(`not all was told: ${stdout}`)
